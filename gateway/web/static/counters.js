// Every counter, clinic and board: choosing a counter, and what a supervisor does.
import { button, fill, listen, make, post, root, say } from "/static/live.js";

const supervises = root.dataset.supervisor === "yes";
let state = null;
let moving = null;

function counterRow(one) {
  const item = make("li");
  item.dataset.counter = one.id;
  item.append(make("span", one.name, "place"), make("span", one.clinics.join(", "), "quiet"));
  if (one.current) item.append(make("span", say("queue.counters.now", { number: one.current }), "mark"));
  item.append(make("span", one.holder ? say("queue.counters.held", { name: one.holder }) : say("queue.counters.free"), one.holder ? "held" : "quiet"));
  const actions = make("span", undefined, "actions");
  const path = `/staff/counters/${one.id}`;
  if (!one.holder || one.holder === root.dataset.name) {
    actions.append(button(say("queue.counters.sit"), async () => {
      const answer = await post(`${path}/take`);
      if (answer.ok) location.href = path;
    }, "primary"));
  } else {
    actions.append(button(say("queue.counters.go"), () => { location.href = path; }));
    if (supervises) actions.append(button(say("queue.counters.force"), () => post(`${path}/free`)));
  }
  item.append(actions);
  return item;
}

function clinicRow(one) {
  const item = make("li");
  item.dataset.clinic = one.id;
  item.append(make("span", one.name, "place"), make("span", say("queue.waiting", { count: one.waiting }), "quiet"));
  if (one.closed) item.append(make("span", say("queue.clinics.closed"), "mark"));
  if (!supervises) return item;
  const actions = make("span", undefined, "actions");
  actions.append(button(say(one.closed ? "queue.clinics.open" : "queue.clinics.close"), () => post(`/staff/clinics/${one.id}/${one.closed ? "open" : "close"}`)));
  if (one.waiting) actions.append(button(say("queue.clinics.move"), () => { moving = moving === one.id ? null : one.id; draw(); }));
  item.append(actions);
  if (moving === one.id) {
    const choice = make("div", undefined, "actions wide");
    choice.append(make("span", say("queue.clinics.moveto")));
    for (const other of state.clinics.filter((other) => other.id !== one.id && !other.closed)) {
      choice.append(button(other.name, async () => { moving = null; await post(`/staff/clinics/${one.id}/move`, { to: other.id }); }, "plain"));
    }
    item.append(choice);
  }
  return item;
}

function boardRow(one) {
  const item = make("li");
  item.append(make("span", one.name, "place"), make("span", one.clinics.join(", ") || say("queue.boards.all"), "quiet"));
  item.append(button(say("queue.boards.disconnect"), () => post(`/staff/boards/${one.id}/disconnect`), "plain"));
  return item;
}

const how = document.getElementById("board-how");
if (how) how.textContent = say("queue.boards.how", { address: `${location.origin}/board` });

function draw() {
  fill("counters", state.counters.map(counterRow), "");
  fill("clinics", state.clinics.map(clinicRow), "");
  if (!supervises) return;
  fill("boards", state.boards.map(boardRow), say("queue.boards.none"));
  const clips = state.missing_clips.join(", ");
  document.getElementById("voice").textContent = say(clips ? "queue.voice.missing" : "queue.voice.full", { clips });
  const choice = document.getElementById("board-clinics");
  if (choice.childElementCount) return;
  choice.append(...state.clinics.map((one) => {
    const label = make("label", undefined, "check");
    const box = make("input");
    Object.assign(box, { type: "checkbox", name: "clinic", value: one.id });
    label.append(box, make("span", one.name));
    return label;
  }));
}

document.getElementById("connect")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const clinics = [...form.querySelectorAll("[name=clinic]:checked")].map((box) => box.value);
  const answer = await post("/staff/boards", { code: form.elements.code.value.replaceAll(" ", ""), name: form.elements.name.value.trim(), clinics });
  document.getElementById("board-fault").textContent = answer.ok ? "" : say("queue.boards.wrong");
  if (answer.ok) form.reset();
});
listen("/staff/counters/events", { state: (newest) => { state = newest; draw(); } });
