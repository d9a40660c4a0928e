// What every live page shares: words, times, the line to the gateway, and actions that are sent once.
export const root = document.querySelector("[data-texts]");
const words = JSON.parse(root.dataset.texts);

export function say(id, values = {}) {
  return (words[id] ?? id).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

export function make(tag, text, kind) {
  const element = document.createElement(tag);
  if (text !== undefined && text !== null) element.textContent = text;
  if (kind) element.className = kind;
  return element;
}

export function timeOf(text) {
  const format = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Ho_Chi_Minh" };
  return new Date(text).toLocaleTimeString("vi-VN", format);
}

// The hour, and the day before it when it is not today's (`now`: the gateway's time).
export function momentOf(text, now) {
  const format = { day: "2-digit", month: "2-digit", year: "numeric", timeZone: "Asia/Ho_Chi_Minh" };
  const day = (moment) => new Date(moment).toLocaleDateString("vi-VN", format);
  return day(text) === day(now) ? timeOf(text) : `${day(text)} ${timeOf(text)}`;
}

export function money(amount) {
  return String(amount).replace(/\B(?=(\d{3})+$)/g, ".");
}

export function button(text, act, kind) {
  const element = make("button", text, kind);
  element.type = "button";
  element.addEventListener("click", async () => {
    element.disabled = true;
    try { await act(element); } finally { element.disabled = false; }
  });
  return element;
}

export function fill(place, rows, empty) {
  const list = typeof place === "string" ? document.getElementById(place) : place;
  list.replaceChildren(...(rows.length ? rows : [make("li", empty, "quiet")]));
}

export async function post(path, body) {
  const request = { method: "POST" };
  if (body !== undefined) Object.assign(request, { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const answer = await fetch(path, request);
  if (answer.status === 401) location.href = "/staff/login";
  return answer;
}

function line(live) {
  root.dataset.line = live ? "live" : "lost";
  const place = document.getElementById("line");
  if (place) place.textContent = say(live ? "console.live" : "console.lost");
}

// The newest state whenever it changes; the browser connects again by itself, and after an error we do.
export function listen(path, handlers) {
  const events = new EventSource(path);
  let closed = false;
  events.addEventListener("open", () => line(true));
  for (const [name, handle] of Object.entries(handlers)) {
    events.addEventListener(name, (event) => { line(true); handle(event.data ? JSON.parse(event.data) : null, events); });
  }
  events.addEventListener("ended", () => { closed = true; events.close(); location.href = "/staff/login"; });
  events.addEventListener("error", () => {
    if (closed) return;
    line(false);
    if (events.readyState === EventSource.CLOSED) { closed = true; setTimeout(() => listen(path, handlers), 3000); }
  });
  return () => { closed = true; events.close(); };
}
