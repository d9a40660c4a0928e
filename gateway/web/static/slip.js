// The slip of a number at the desk: one button, and the browser's own printing.
document.getElementById("print").addEventListener("click", () => window.print());
