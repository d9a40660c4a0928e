// The slip of a number at the desk: one button, and the browser's own printing. It is written down before it is printed;
// whoever prints once more prints a copy.
"use strict";

const button = document.getElementById("print");
button.addEventListener("click", async () => {
  button.disabled = true;
  const answer = await fetch(`${location.pathname}/printed`, { method: "POST" }).catch(() => undefined);
  if (answer?.ok) window.print();
  location.reload();
});
