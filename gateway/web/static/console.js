// A counter's console: draws the newest state, sends each action once under a key of its own.
import { button, fill, listen, make, money, post, root, say, timeOf } from "/static/live.js";

const path = `/staff/counters/${root.dataset.counter}`;
let state = null;
let clinic = null;
let stop = null;
let moving = null;

const after = () => state.current?.id ?? null;
const message = (text) => { document.getElementById("message").textContent = text; };

// The answer may be lost on its way: the same key is sent again until somebody answers.
async function act(action) {
  const body = { key: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, clinic, ...action };
  message("");
  for (;;) {
    try {
      const answer = await post(`${path}/act`, body);
      if (answer.ok) show(await answer.json());
      else message(say("queue.stale"));
      return;
    } catch {
      message(say("queue.retry"));
      await new Promise((done) => setTimeout(done, 1500));
    }
  }
}

function marks(ticket) {
  const found = [];
  if (ticket.priority) {
    const reason = ticket.priority_reason === "none"
      ? say("queue.reason.none")
      : say(ticket.priority_proven ? "console.mark.proven" : "console.mark.declared",
            { reason: say(`console.priority.${ticket.priority_reason}`) });
    found.push(reason);
  }
  if (ticket.from_clinic) found.push(say("queue.from", { clinic: ticket.from_clinic }));
  if (ticket.insurance_pending) found.push(say("console.mark.insurance"));
  if (ticket.level !== "chip-genuine") found.push(say(`console.level.${ticket.level}`));
  if (ticket.holder) found.push(say(`console.holder.${ticket.holder}`));
  if (ticket.owed) found.push(say("queue.owed", { amount: money(ticket.owed) }));
  if (ticket.time_lost) found.push(say("console.mark.time", { time: ticket.time_lost }));
  if (ticket.slip_printed === false) found.push(say("queue.unprinted"));
  return found.map((text) => make("span", text, "mark"));
}

function number(ticket) {
  const shown = make("span", ticket.number, `number ${ticket.lane}`);
  shown.title = say(`queue.lane.${ticket.lane}`);
  return shown;
}

function row(ticket, ...actions) {
  const item = make("li");
  item.dataset.number = ticket.number;
  const about = make("span", undefined, "about");
  about.append(make("span", say(`queue.lane.${ticket.lane}`), `lane ${ticket.lane}`), make("span", timeOf(ticket.issued_at), "quiet"), ...marks(ticket));
  const buttons = make("span", undefined, "actions");
  if (state.mine) buttons.append(...actions);
  item.className = "turn";
  item.append(number(ticket), about, buttons);
  return item;
}

const call = (ticket) => button(say("queue.call"), () => act({ do: "call", ticket: ticket.id, after: after() }));
const back = (ticket, calls, text) => button(text, () => act({ do: "back", ticket: ticket.id, calls }));
const transfer = (ticket) => button(say("queue.transfer"), () => { moving = ticket; drawMoving(); });

function current() {
  const ticket = state.current;
  const place = document.getElementById("current");
  root.dataset.current = ticket ? ticket.number : "";
  if (!ticket) {
    place.replaceChildren(make("p", say("queue.current.none"), "nothing"));
    return;
  }
  const big = make("p", ticket.number, `big ${ticket.lane}`);
  const facts = make("p", undefined, "facts");
  facts.append(
    make("span", say(`queue.lane.${ticket.lane}`), `lane ${ticket.lane}`),
    make("span", say("queue.current.times", { count: ticket.times_called, time: timeOf(ticket.called_at) })),
    make("span", say("queue.current.wait", { time: timeOf(ticket.issued_at) })),
  );
  const noted = make("p", undefined, "marks");
  noted.append(...marks(ticket));
  place.replaceChildren(big, facts, noted);
  if (!state.mine) return;
  const one = { ticket: ticket.id };
  const actions = make("div", undefined, "actions");
  actions.append(
    button(say("queue.recall"), () => act({ do: "recall", ...one })),
    button(say("queue.finish"), () => act({ do: "finish", ...one })),
    button(say("queue.skip"), () => act({ do: "skip", ...one })),
    button(say("queue.away"), () => act({ do: "away", ...one })),
    back(ticket, state.back_after, say("queue.back.after", { count: state.back_after })),
    transfer(ticket),
  );
  const lane = ticket.priority ? "ordinary" : "priority";
  actions.append(button(say(`queue.tolane.${lane}`), () => act({ do: lane, ...one }), "plain"));
  place.append(actions);
}

function drawMoving() {
  const place = document.getElementById("moving");
  place.hidden = moving === null;
  if (!moving) return;
  const list = make("div", undefined, "actions");
  for (const one of state.others.filter((one) => !one.closed)) {
    const text = `${one.name} (${say("queue.waiting", { count: one.waiting })})`;
    list.append(button(text, async () => {
      const ticket = moving.id;
      moving = null;
      await act({ do: "transfer", ticket, clinic: one.id });
      drawMoving();
    }));
  }
  list.append(button(say("queue.cancel"), () => { moving = null; drawMoving(); }, "plain"));
  place.replaceChildren(make("h2", say("queue.transfer.to", { number: moving.number })), list);
}

function tabs() {
  const place = document.getElementById("clinics");
  place.replaceChildren(...state.clinics.map((one) => {
    const tab = button(`${one.name} · ${say("queue.waiting", { count: one.waiting })}`, () => choose(one.id), "tab");
    tab.setAttribute("aria-pressed", String(one.id === state.clinic.id));
    return tab;
  }));
}

function seat() {
  const who = document.getElementById("seat");
  const texts = state.mine ? [] : [make("span", state.holder ? say("queue.other", { name: state.holder }) : say("queue.nobody"))];
  if (!state.mine && !state.holder) texts.push(button(say("queue.counters.sit"), () => post(`${path}/take`), "primary"));
  if (!state.mine && state.holder && root.dataset.supervisor === "yes") {
    texts.push(button(say("queue.counters.force"), () => post(`${path}/free`)));
  }
  if (state.mine) texts.push(button(say("queue.leave"), () => post(`${path}/leave`), "plain"));
  who.replaceChildren(...texts);
  root.dataset.mine = state.mine ? "yes" : "no";
}

function draw() {
  seat();
  tabs();
  current();
  drawMoving();
  const { priority, ordinary, returning, waiting, closed } = state.clinic;
  document.getElementById("count").textContent = say("queue.waiting", { count: waiting });
  document.getElementById("parts").textContent = say("queue.waiting.parts", { priority, ordinary, returning });
  document.getElementById("closed").hidden = !closed;
  const next = document.getElementById("next");
  next.disabled = !state.mine || (state.next.length === 0 && !state.current);
  next.querySelector(".what").textContent = state.next.length ? state.next[0].number : say("queue.next.none");
  fill("coming", state.next.map((one) => row(one, call(one), transfer(one))), say("queue.coming.none"));
  fill("missed", state.missed.map((one) => row(one, call(one), back(one, state.back_after, say("queue.back.after", { count: state.back_after })), back(one, 0, say("queue.back.now")))), say("queue.missed.none"));
  fill("away", state.away.map((one) => row(one, back(one, null, say("queue.back.results")))), say("queue.awaylist.none"));
  fill("unpaid", state.unpaid.map((one) => row(one, transfer(one))), say("queue.unpaid.none"));
  fill("unprinted", state.unprinted.map((one) => row(one, button(say("console.slip.given"), () => post(`/staff/check-ins/${one.check_in_id}/slip`)))), say("queue.unprinted.none"));
  root.dataset.drawn = String(Number(root.dataset.drawn ?? 0) + 1);
}

function show(newest) {
  if (state && new Date(newest.now) < new Date(state.now)) return;
  state = newest;
  clinic = state.clinic.id;
  draw();
}

function choose(id) {
  clinic = id;
  stop?.();
  state = null;
  stop = listen(`${path}/events${id ? `?clinic=${encodeURIComponent(id)}` : ""}`, { state: show });
}

// --- a slip that was scanned (a scanner types its code and Enter) or a number that was typed
function found(answer) {
  const place = document.getElementById("found");
  const rows = answer.tickets.map((ticket) => {
    const here = state.clinics.some((one) => one.name === ticket.clinic);
    const actions = [];
    if (here && ["waiting", "missed", "away", "done"].includes(ticket.status)) actions.push(call(ticket));
    if (here && ticket.status === "away") actions.push(back(ticket, null, say("queue.back.results")));
    if (here && ["missed", "done"].includes(ticket.status)) actions.push(back(ticket, state.back_after, say("queue.back.after", { count: state.back_after })));
    if (here && ["waiting", "missed", "away", "unpaid"].includes(ticket.status)) actions.push(transfer(ticket));
    if (here && ticket.status === "waiting") {
      const lane = ticket.priority ? "ordinary" : "priority";
      actions.push(button(say(`queue.tolane.${lane}`), () => act({ do: lane, ticket: ticket.id }), "plain"));
    }
    for (const one of actions) one.addEventListener("click", () => place.replaceChildren());
    const item = row(ticket, ...actions);
    const where = ticket.status === "called" && ticket.counter ? say("queue.at", { counter: ticket.counter }) : say(`console.status.${ticket.status}`);
    item.querySelector(".about").prepend(make("span", where, "mark"));
    if (!here) item.querySelector(".about").append(make("span", say("queue.find.elsewhere", { clinic: ticket.clinic })));
    return item;
  });
  if (answer.slip) {
    const item = make("li");
    item.append(make("span", say("queue.find.paper", { number: answer.slip })));
    const go = button(say("queue.call"), () => act({ do: "slip", number: answer.slip, after: after() }));
    go.addEventListener("click", () => place.replaceChildren());
    if (state.mine) item.append(go);
    rows.push(item);
  }
  fill(place, rows, say("queue.find.none"));
}

document.getElementById("find").addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = event.target.elements.text;
  const answer = await post(`${path}/find`, { text: field.value, clinic });
  field.value = "";
  if (answer.ok) found(await answer.json());
});
document.getElementById("next").addEventListener("click", async (event) => {
  event.currentTarget.disabled = true;
  await act({ do: "next", after: after() });
});
choose(null);
