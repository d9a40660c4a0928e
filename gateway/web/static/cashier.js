// The cashier's page: bills of people who wait.
import { button, fill, listen, make, momentOf, money, post, say } from "/static/live.js";

function row(bill) {
  const item = make("li");
  item.dataset.number = bill.number;
  const about = make("span", undefined, "bill");
  const when = make("span", undefined, "quiet");
  when.append(make("span", momentOf(bill.issued_at, now)), " · ", make("span", say("cashier.bill", { number: bill.bill_number })));
  about.append(make("span", bill.clinic), when);
  item.append(make("span", bill.number, "number"), about, make("span", `${money(bill.amount)} đ`, "amount"));
  const actions = make("span", undefined, "actions");
  if (asking === bill.bill_id) {
    // Money that was taken is not given back by a click: asked once more, in the row it is about.
    actions.append(
      make("span", say("cashier.sure", { amount: money(bill.amount) }), "held"),
      button(say("cashier.sure.yes"), async () => { asking = ""; await post(`/staff/bills/${bill.bill_id}/paid`); }, "primary"),
      button(say("queue.cancel"), () => { asking = ""; redraw(); }, "plain"),
    );
    item.append(actions);
    return item;
  }
  actions.append(button(say("cashier.paid"), () => { asking = bill.bill_id; redraw(); }, "primary"));
  if (bill.held) actions.append(button(say("cashier.release"), () => post(`/staff/tickets/${bill.ticket_id}/release`)));
  item.append(actions);
  return item;
}

const find = document.getElementById("find");
const wanted = document.getElementById("wanted");
let others = [];
let bills = [];
let now = "";
let asking = "";

// Fees of dossiers: found by what stands on the paper in the person's hand.
function drawOthers() {
  const code = find.value.trim().toUpperCase();
  const shown = others.filter((bill) => bill.bill_number.toUpperCase().includes(code));
  fill("others", shown.map(row), say("cashier.none-found"));
}

// People of today: by the number or the bill on the slip in their hand ("13" is T013 and VT-0013).
function drawBills() {
  const text = wanted.value.trim().toUpperCase().replaceAll(" ", "");
  const shown = bills.filter((bill) => bill.number.includes(text) || bill.bill_number.toUpperCase().includes(text));
  const none = say(text ? "cashier.none-today" : "cashier.none");
  fill("held", shown.filter((bill) => bill.held).map(row), none);
  fill("open", shown.filter((bill) => !bill.held).map(row), none);
}

function redraw() {
  drawBills();
  drawOthers();
}

find.addEventListener("input", drawOthers);
wanted.addEventListener("input", drawBills);

function draw(state) {
  others = state.others;
  bills = state.bills;
  now = state.now;
  document.getElementById("others-card").hidden = !others.length;
  redraw();
  document.getElementById("tasks").textContent = state.tasks ? say("cashier.tasks", { count: state.tasks }) : "";
}

listen("/staff/cashier/events", { state: draw });
