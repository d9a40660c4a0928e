// The staff desk: draws what the gateway's events say, and rings while somebody calls.
"use strict";

const root = document.getElementById("desk");
const words = JSON.parse(root.dataset.texts);
const quietTitle = document.title;
let desk = null;
let clockOffset = 0;

function say(id, values = {}) {
  return (words[id] ?? id).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

function make(tag, text, kind) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (kind) element.className = kind;
  return element;
}

function timeOf(text) {
  const format = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Ho_Chi_Minh" };
  return new Date(text).toLocaleTimeString("vi-VN", format);
}

// The hour, and the day before it when it is not today's.
function momentOf(text) {
  const format = { day: "2-digit", month: "2-digit", year: "numeric", timeZone: "Asia/Ho_Chi_Minh" };
  const day = (moment) => new Date(moment).toLocaleDateString("vi-VN", format);
  return day(text) === day(desk.now) ? timeOf(text) : `${day(text)} ${timeOf(text)}`;
}

function secondsSince(text) {
  return Math.max(0, Math.round((Date.now() + clockOffset - new Date(text)) / 1000));
}

async function act(path, button, body) {
  button.disabled = true;
  const request = { method: "POST" };
  if (body) Object.assign(request, { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  try {
    const answer = await fetch(path, request);
    if (answer.status === 401) location.href = "/staff/login";
    return answer;
  } catch {
    return undefined;  // no line: the header says so
  } finally {
    button.disabled = false;
  }
}

function button(id, path, kind) {
  const element = make("button", say(id), kind);
  element.type = "button";
  element.addEventListener("click", () => act(path, element));
  return element;
}

function callRow(call) {
  const row = make("li", undefined, call.status);
  row.dataset.call = call.id;
  row.append(make("span", call.kiosk, "place"));
  if (call.status === "ringing") {
    const since = make("span", "", "since");
    since.dataset.since = call.called_at;
    row.append(since);
  } else {
    const values = { name: call.acknowledged_by, time: timeOf(call.acknowledged_at) };
    row.append(make("span", say("console.call.accepted", values)));
  }
  const step = words[`console.step.${call.step}`];
  if (step) row.append(make("span", say("console.call.step", { step }), "quiet"));
  row.append(call.status === "ringing"
    ? button("console.call.accept", `/staff/calls/${call.id}/acknowledge`, "primary")
    : button("console.call.close", `/staff/calls/${call.id}/close`));
  return row;
}

// A code of the printer in the words people read for it; the code alone tells a desk nothing.
function noSlip(ticket) {
  const why = words[`${ticket.slip_code}.what`];
  return why ? say("console.mark.noslip.why", { why }) : say("console.mark.noslip");
}

function marksOf(ticket) {
  const marks = [];
  if (ticket.priority !== "none") {
    const reason = say(`console.priority.${ticket.priority}`);
    marks.push(say(ticket.priority_proven ? "console.mark.proven" : "console.mark.declared", { reason }));
  }
  if (ticket.time_lost) marks.push(say("console.mark.time", { time: ticket.time_lost }));
  if (ticket.insurance_pending) marks.push(say("console.mark.insurance"));
  if (ticket.level !== "chip-genuine") marks.push(say(`console.level.${ticket.level}`));
  if (ticket.holder) marks.push(say(`console.holder.${ticket.holder}`));
  if (ticket.slip_printed === false) marks.push(noSlip(ticket));
  return marks;
}

function presentLink(ticket) {
  const link = make("a", say("console.present"), "present");
  const whose = new URLSearchParams({ clinic: ticket.clinic_id, number: ticket.found_by });
  link.href = `/staff/insurance?${whose}#card`;
  return link;
}

function ticketRow(ticket) {
  const row = make("tr");
  row.dataset.number = ticket.number;
  const marks = make("td");
  marks.append(...marksOf(ticket).map((mark) => make("span", mark, "mark")));
  if (ticket.uninsured && root.dataset.insurance === "yes") marks.append(presentLink(ticket));
  row.append(
    make("td", ticket.number, "number"), make("td", ticket.clinic), make("td", timeOf(ticket.issued_at)),
    make("td", say(`console.status.${ticket.status}`)), marks, make("td", ticket.kiosk, "quiet"),
  );
  return row;
}

// --- what the hospital's system asks for
const chosen = new Map();
const full = new Set();

function notice(id) {
  const place = document.getElementById("notice");
  place.hidden = !id;
  place.textContent = id ? say(id) : "";
}

// Why a question was not closed: its visit is being sent, its time has no place, or it is over already.
async function actOn(task, what, button, body) {
  notice("");
  const answer = await act(`/staff/hospital-tasks/${task.id}/${what}`, button, body);
  if (answer?.status !== 409 && answer?.status !== 404) return;
  const why = (await answer.json()).detail;
  if (why === "no-place") {
    full.add(task.id);
    chosen.delete(task.id);
    drawTasks();
  } else {
    notice(why === "told-now" ? "console.task.toldnow" : task.kind === "refused" ? "console.task.over.refused" : "console.task.over");
  }
}

function about(task) {
  const list = (kind) => task.about.split(",").map((one) => say(`console.task.${kind}.${one}`)).join(", ");
  return { refused: () => list("fault"), differs: () => list("field") }[task.kind]?.() ?? task.about;
}

function otherTimes(task) {
  const times = make("select");
  times.setAttribute("aria-label", say("console.task.move"));
  for (const time of task.times) {
    const option = make("option", `${timeOf(time.start)} – ${timeOf(time.end)}`);
    option.value = time.id;
    times.append(option);
  }
  // The page is drawn anew whenever anything happens: what somebody chose stays chosen.
  const next = task.times.find((time) => time.id > task.about.replace(":", "")) ?? task.times[0];
  times.value = (task.times.find((time) => time.id === chosen.get(task.id)) ?? next).id;
  times.addEventListener("change", () => {
    chosen.set(task.id, times.value);
    full.delete(task.id);
    times.closest("li").querySelector(".mark")?.remove();
  });
  const go = make("button", say("console.task.move.go"), "primary");
  go.type = "button";
  go.addEventListener("click", () => actOn(task, "time", go, { slot: times.value }));
  return [times, go];
}

function taskRow(task) {
  const row = make("li", undefined, `task ${task.kind}`);
  row.dataset.number = task.number;
  const values = { about: about(task) };
  const words = make("span", undefined, "words");
  words.append(make("strong", say(`console.task.${task.kind}`, values)), make("span", say(`console.task.${task.kind}.do`, values), "quiet"));
  if (full.has(task.id)) words.append(make("span", say("console.task.move.full"), "mark"));
  const head = make("span", undefined, "about");
  head.append(make("span", task.number, "number"), make("span", task.clinic), make("span", say("console.task.taken", { time: momentOf(task.issued_at) }), "quiet"));
  const actions = make("span", undefined, "actions");
  if (task.times.length) actions.append(...otherTimes(task));
  const done = { "time-full": "console.task.told", refused: "console.task.byhand" }[task.kind] ?? "console.task.seen";
  const seen = make("button", say(done, values));
  seen.type = "button";
  seen.addEventListener("click", () => actOn(task, "seen", seen));
  actions.append(seen);
  row.append(head, words, actions);
  return row;
}

// Only when something of them changed: a list of times that somebody has open stays open.
let drawnTasks = "";

function drawTasks() {
  const open = new Set(desk.tasks.map((task) => task.id));
  for (const id of [...chosen.keys(), ...full]) if (!open.has(id)) { chosen.delete(id); full.delete(id); }
  const now = JSON.stringify([desk.tasks, [...full]]);
  if (now === drawnTasks) return;
  drawnTasks = now;
  document.getElementById("tasks-card").hidden = desk.tasks.length === 0;
  fill("tasks", desk.tasks, taskRow, "console.tasks.none");
}

// --- a number found and printed
const LIVE = ["waiting", "unpaid", "called", "away", "missed"];

function slipLink(ticket) {
  const link = make("a", say("console.slip.open"), "present");
  link.href = `/staff/slips/${ticket.check_in_id}`;
  link.target = "_blank";
  link.rel = "noopener";
  return link;
}

function foundRow(ticket) {
  const row = make("li");
  row.dataset.number = ticket.number;
  row.append(make("span", ticket.number, "number"), make("span", ticket.clinic), make("span", timeOf(ticket.issued_at), "quiet"));
  row.append(make("span", say(`console.status.${ticket.status}`)), ...marksOf(ticket).map((mark) => make("span", mark, "mark")));
  if (LIVE.includes(ticket.status)) row.append(slipLink(ticket));
  return row;
}

document.getElementById("find")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = document.getElementById("text");
  const answer = await act("/staff/find", event.submitter ?? field, { text: field.value });
  fill("found", answer?.ok ? await answer.json() : [], foundRow, answer?.ok ? "console.find.none" : "console.find.failed");
  field.select();
});

function slipRow(ticket) {
  const row = make("li");
  row.append(make("span", ticket.number, "number"), make("span", ticket.clinic));
  const why = words[`${ticket.slip_code}.what`];
  if (why) row.append(make("span", why, "quiet"));
  if (root.dataset.finds === "yes") row.append(slipLink(ticket));
  row.append(button("console.slip.given", `/staff/check-ins/${ticket.check_in_id}/slip`));
  return row;
}

function identityRow(ticket) {
  const row = make("li");
  row.append(make("span", ticket.number, "number"), make("span", ticket.clinic));
  row.append(make("span", say(`console.level.${ticket.level}`), "mark"));
  if (ticket.why) row.append(make("span", say(`console.why.${ticket.why}`), "quiet"));
  return row;
}

function fill(id, things, row, nothing, tag = "li") {
  const place = document.getElementById(id);
  const rows = things.map(row);
  if (rows.length === 0) {
    const empty = make(tag, tag === "li" ? say(nothing) : undefined, "quiet");
    if (tag === "tr") {
      const cell = make("td", say(nothing));
      cell.colSpan = 6;
      empty.append(cell);
    }
    rows.push(empty);
  }
  place.replaceChildren(...rows);
}

function draw() {
  fill("calls", desk.calls, callRow, "console.calls.none");
  drawTasks();
  fill("unprinted", desk.unprinted, slipRow, "console.slips.none");
  fill("unverified", desk.unverified, identityRow, "console.unverified.none");
  fill("today", desk.today, ticketRow, "console.today.none", "tr");
  drawTimes();
}

function ringing() {
  return desk ? desk.calls.filter((call) => call.status === "ringing").length : 0;
}

function drawTimes() {
  for (const place of document.querySelectorAll("[data-since]")) {
    const values = { time: timeOf(place.dataset.since), seconds: secondsSince(place.dataset.since) };
    place.textContent = say("console.call.since", values);
  }
  const count = ringing();
  document.title = count ? `(${count}) ${say("console.calls")}` : quietTitle;
}

// --- the bell: two notes every two seconds while a call rings. Browsers need one touch before they may sound.
let sound = null;

function bellState() {
  const on = sound !== null && sound.state === "running";
  root.dataset.bell = on ? "on" : "off";
  document.getElementById("bell").textContent = say(on ? "console.bell.on" : "console.bell.turnon");
}

async function turnOn() {
  sound = sound ?? new AudioContext();
  await sound.resume();
  bellState();
}

function note(frequency, start) {
  const tone = sound.createOscillator();
  const volume = sound.createGain();
  tone.frequency.value = frequency;
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(0.4, start + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.001, start + 0.6);
  tone.connect(volume).connect(sound.destination);
  tone.start(start);
  tone.stop(start + 0.6);
}

function ring() {
  const rings = ringing() > 0 && root.dataset.bell === "on";
  root.dataset.rung = String(Number(root.dataset.rung ?? 0) + (rings ? 1 : 0));
  if (!rings) return;
  note(880, sound.currentTime);
  note(660, sound.currentTime + 0.35);
}

document.getElementById("bell").addEventListener("click", turnOn);
document.addEventListener("pointerdown", turnOn, { once: true });
setInterval(ring, 2000);
setInterval(drawTimes, 1000);

// --- the line to the gateway: the browser connects again by itself
function line(live) {
  root.dataset.line = live ? "live" : "lost";
  document.getElementById("line").textContent = say(live ? "console.live" : "console.lost");
}

function listen() {
  const events = new EventSource("/staff/events");
  events.addEventListener("open", () => line(true));
  events.addEventListener("desk", (event) => {
    const before = ringing();
    desk = JSON.parse(event.data);
    clockOffset = new Date(desk.now) - Date.now();
    line(true);
    draw();
    if (ringing() > before) ring();
  });
  events.addEventListener("ended", () => { events.close(); location.href = "/staff/login"; });
  events.addEventListener("error", () => {
    line(false);
    if (events.readyState === EventSource.CLOSED) {
      fetch("/staff/state").then(
        (answer) => { if (answer.status === 401) location.href = "/staff/login"; else setTimeout(listen, 3000); },
        () => setTimeout(listen, 3000),
      );
    }
  });
}

listen();
