// The cashier's page of money: tasks, refunds, codes confirmed by hand, the report of a day.
import { button, fill, listen, make, momentOf, money, post, say, timeOf } from "/static/live.js";

const place = (id) => document.getElementById(id);
const dialog = place("ask");
let now = "";

// Ask for a text, and an amount where one is needed; null when the person goes back.
function ask(title, label, amount) {
  const form = dialog.querySelector("form");
  form.reset();
  place("ask-title").textContent = title;
  place("text-label").textContent = label;
  place("amount-label").hidden = amount === undefined;
  form.elements.amount.required = amount !== undefined;
  form.elements.amount.value = amount ?? "";
  form.elements.text.required = true;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "ok" ? { text: form.elements.text.value.trim(), amount: Number(form.elements.amount.value) } : null);
    }, { once: true });
  });
}

// A word of the gateway's own in this page's language; of a stranger's, the text for all others.
function named(area, name, other) {
  const id = `money.${area}.${name.replaceAll(" ", "-")}`;
  const text = say(id);
  return text === id ? other : text;
}

async function send(path, body) {
  const answer = await post(`/staff/money/${path}`, body);
  let fault = "";
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({}));
    const none = path === "close-batches" && answer.status === 409;
    fault = none ? say("money.fault.no-batch") : say(`money.fault.${answer.status}`, { detail: problem.title ?? "" });
  }
  place("fault").textContent = fault;
}

async function refund(task) {
  const said = await ask(say("money.refund"), say("money.reason"));
  if (said) await send(`tasks/${task.id}/refund`, { reason: said.text });
}

async function seen(path, title, label, amount) {
  const said = await ask(title, label, amount);
  if (said) await send(path, { amount: said.amount, reference: said.text });
}

const ACTIONS = {
  orphan: (task) => [
    button(say("money.to-bill"), async () => {
      const said = await ask(say("money.to-bill"), say("money.bill"));
      if (said) await send(`tasks/${task.id}/bill`, { bill: said.text });
    }, "primary"),
    button(say("money.refund"), () => refund(task)),
  ],
  refund: (task) => [button(say("money.refund"), () => refund(task), "primary")],
  underpaid: (task) => [
    button(say("money.rest"), () => send(`tasks/${task.id}/rest`), "primary"),
    button(say("money.refund"), () => refund(task)),
  ],
  claimed: (task) => [
    button(say("money.nothing"), () => send(`tasks/${task.id}/nothing-came`)),
  ],
  card: (task) => [
    button(say("money.charged"), () => seen(`tasks/${task.id}/charged`, say("money.charged"), say("money.reference"), task.amount), "primary"),
    button(say("money.not-charged"), () => send(`tasks/${task.id}/not-charged`)),
  ],
  missing: (task) => [button(say("money.explained"), () => send(`tasks/${task.id}/explained`))],
  "hand-over": (task) => [
    button(say("money.by-hand"), () => send(`tasks/${task.id}/by-hand`)),
    button(say("money.to-payer"), () => send(`tasks/${task.id}/to-payer`)),
  ],
  different: (task) => [button(say("money.explained"), () => send(`tasks/${task.id}/explained`))],
};

function row(kind, amount, ...about) {
  const item = make("li");
  item.append(make("span", kind, "kind"), make("span", `${money(amount)} đ`, "amount"));
  for (const text of about) if (text) item.append(make("span", text, "quiet"));
  return item;
}

function actions(item, buttons) {
  const place = make("span", undefined, "actions");
  place.append(...buttons);
  item.append(place);
  return item;
}

function taskRow(task) {
  const bill = task.bill ? say("cashier.bill", { number: task.bill }) : "";
  const item = row(say(`money.kind.${task.kind}`), task.amount, bill, task.purpose, task.transaction, momentOf(task.opened_at, now));
  item.dataset.task = task.kind;
  if (task.refund) {
    item.append(make("span", say("money.asked", { number: task.refund }), "held"));
    return item;
  }
  return actions(item, ACTIONS[task.kind](task));
}

function refundRow(refund) {
  const item = row(refund.number, refund.amount, refund.bill, refund.reason, say("money.by", { name: refund.requested_by }));
  item.dataset.refund = refund.status;
  if (refund.status === "requested" && refund.mine) {
    item.append(make("span", say("money.another"), "held"));
    return item;
  }
  if (refund.status === "requested") {
    return actions(item, [
      button(say("money.approve"), () => send(`refunds/${refund.id}/approve`), "primary"),
      button(say("money.refuse"), () => send(`refunds/${refund.id}/refuse`)),
    ]);
  }
  const stands = refund.terminal && refund.terminal !== "may";
  if (stands) item.append(make("span", say(`money.terminal.${refund.terminal}`), "held"));
  if (refund.terminal === "waiting") return item;
  const done = button(say("money.done"), async () => {
    const said = await ask(say("money.done"), say("money.evidence"));
    if (said) await send(`refunds/${refund.id}/done`, { evidence: said.text });
  }, refund.terminal === "may" ? "" : "primary");
  const back = button(say("money.on-terminal"), () => send(`refunds/${refund.id}/on-terminal`), "primary");
  return actions(item, refund.terminal === "may" ? [back, done] : [done]);
}

function batchRow(batch) {
  const item = row(say("money.terminal-of", { kiosk: batch.kiosk }), batch.ours, say(`money.batch.${batch.outcome}`),
    batch.theirs === null ? "" : say("money.batch-sum", { amount: money(batch.theirs) }), timeOf(batch.at));
  item.dataset.batch = batch.theirs !== null && batch.theirs !== batch.ours ? "different" : batch.outcome;
  if (item.dataset.batch === "different") item.append(make("span", say("money.is.different"), "held"));
  return item;
}

function codeRow(code) {
  const item = row(code.purpose, code.amount, say("cashier.bill", { number: code.bill }), `•••• ${code.account}`, code.claimed ? say("money.says-paid") : "");
  return actions(item, [button(say("money.came"), () => seen(`intents/${code.id}/came`, say("money.came"), say("money.reference"), code.amount), "primary")]);
}

function failingRow(errand) {
  const item = make("li");
  item.append(make("span", say(`money.errand.${errand.kind}`), "kind"), make("span", errand.bill, "quiet"),
    make("span", named("failure", errand.failure, say("money.failure.other")), "quiet"), make("span", momentOf(errand.since, now), "quiet"));
  return item;
}

function draw(state) {
  now = state.now;
  fill("tasks-list", state.tasks.map(taskRow), say("money.none"));
  fill("refunds", state.refunds.map(refundRow), say("money.none"));
  fill("codes", state.codes.map(codeRow), "");
  fill("failing", state.failing.map(failingRow), "");
  fill("batches", state.batches.map(batchRow), say("money.no-batches"));
  place("batches-card").hidden = !state.cards;
  place("codes-card").hidden = !state.codes.length;
  place("failing-card").hidden = !state.failing.length;
}

place("close-batches").addEventListener("click", () => send("close-batches"));

const form = place("report-form");
form.elements.day.addEventListener("change", () => { place("csv").href = `/staff/money/report.csv?day=${form.elements.day.value}`; });
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await fetch(`/staff/money/report?day=${form.elements.day.value}`);
  if (!answer.ok) { place("fault").textContent = say("money.fault.500"); return; }
  const report = await answer.json();
  const sums = Object.entries(report.counts).filter(([, count]) => count).map(([standing, count]) => `${say(`money.is.${standing}`)}: ${count}`);
  if (report.unreached.length) sums.push(say("money.unreached", { accounts: report.unreached.join(", ") }));
  place("sums").hidden = false;
  place("sums").textContent = sums.join(" · ") || say("money.no-money");
  const table = place("report");
  table.hidden = !report.lines.length;
  table.tBodies[0].replaceChildren(...report.lines.map((line) => {
    const tr = make("tr");
    tr.dataset.standing = line.standing;
    const sum = (amount) => make("td", amount === null ? "–" : money(amount), "number");
    tr.append(make("td", say(`money.is.${line.standing}`)), make("td", timeOf(line.at)), make("td", `${named("provider", line.provider, line.provider)} ${line.transaction}`), make("td", line.bill), sum(line.ours), sum(line.theirs));
    return tr;
  }));
});

listen("/staff/money/events", { state: draw });
