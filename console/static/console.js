// What every page of the console does in the browser: the menu on a phone, dialogs before a change that matters,
// notices that go away, copying, and forms that cannot be sent twice. Every page works without it.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

document.documentElement.classList.add("has-script");

const menu = $("[data-menu]");
menu?.addEventListener("click", () => {
  const open = $("#side").classList.toggle("is-open");
  menu.setAttribute("aria-expanded", String(open));
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || !(form instanceof HTMLFormElement) || form.method === "dialog") return;
  const button = event.submitter;
  if (form.dataset.ask && !form.dataset.sure) {
    event.preventDefault();
    if (await asked(form)) {
      form.dataset.sure = "1";
      form.requestSubmit(button ?? undefined);
    }
    return;
  }
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (form.method === "post") {
    form.dataset.sent = "1";
    button?.setAttribute("aria-busy", "true");
  }
});

// A page that comes back from the browser's memory may be sent again.
window.addEventListener("pageshow", () => $$("form[data-sent]").forEach((form) => delete form.dataset.sent));

function asked(form) {
  const dialog = $("#ask");
  const yes = $("#ask-do");
  $("#ask-text").textContent = form.dataset.ask;
  yes.textContent = form.dataset.askDo;
  yes.classList.toggle("btn-danger", "askBad" in form.dataset);
  yes.classList.toggle("btn-primary", !("askBad" in form.dataset));
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

function watchToasts() {
  for (const toast of $$("[data-toast]")) {
    const close = $("[data-close]", toast);
    close.hidden = false;
    close.addEventListener("click", () => toast.remove());
    if (toast.classList.contains("note-ok")) window.setTimeout(() => toast.remove(), 8000);
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const text = $(`#${CSS.escape(button.dataset.copy)}`).textContent.trim();
  try {
    await navigator.clipboard.writeText(text);
    button.classList.add("is-done");
    button.lastChild.textContent = button.dataset.copied;
  } catch {
    getSelection().selectAllChildren($(`#${CSS.escape(button.dataset.copy)}`));
  }
});

document.addEventListener("click", (event) => event.target.closest?.("[data-print]") && window.print());

// A select or a tick that narrows a list needs no button where scripts run.
document.addEventListener("change", (event) => event.target.closest?.("form[data-auto]")?.requestSubmit());

// Filters a long list of ticks by what is typed, also without diacritics.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();
document.addEventListener("input", (event) => {
  const wanted = event.target.dataset?.narrows;
  if (!wanted) return;
  for (const line of $$("label", document.getElementById(wanted))) {
    line.hidden = !plain(line.textContent).includes(plain(event.target.value));
  }
});

watchToasts();
$("[data-focus]")?.focus();
