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
  actions.append(button(say("cashier.paid"), () => post(`/staff/bills/${bill.bill_id}/paid`), "primary"));
  if (bill.held) actions.append(button(say("cashier.release"), () => post(`/staff/tickets/${bill.ticket_id}/release`)));
  item.append(actions);
  return item;
}

const find = document.getElementById("find");
let others = [];
let now = "";

// Fees of dossiers: found by what stands on the paper in the person's hand.
function drawOthers() {
  const wanted = find.value.trim().toUpperCase();
  const shown = others.filter((bill) => bill.bill_number.toUpperCase().includes(wanted));
  fill("others", shown.map(row), say("cashier.none-found"));
}

find.addEventListener("input", drawOthers);

function draw(state) {
  others = state.others;
  now = state.now;
  document.getElementById("others-card").hidden = !others.length;
  drawOthers();
  fill("held", state.bills.filter((bill) => bill.held).map(row), say("cashier.none"));
  fill("open", state.bills.filter((bill) => !bill.held).map(row), say("cashier.none"));
  document.getElementById("tasks").textContent = state.tasks ? say("cashier.tasks", { count: state.tasks }) : "";
}

listen("/staff/cashier/events", { state: draw });
