// Beside the counter: who walks away leaves neither code nor language to the next one. A minute after the last touch or key
// the page begins anew; as it stood at first it may stay.
let waiting = null;

function touched() {
  clearTimeout(waiting);
  waiting = setTimeout(() => location.replace("/board/rating"), 60_000);
}

for (const kind of ["input", "keydown", "pointerdown"]) document.addEventListener(kind, touched);
if (location.search || location.pathname !== "/board/rating" || document.querySelector("[role=alert]")) touched();
