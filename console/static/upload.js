// Files dropped on the page or chosen are sent one after the other, each with its own progress bar.
const form = document.querySelector("[data-upload]");
const list = document.getElementById("uploads");
const input = form?.querySelector('input[type="file"]');

if (form && list && input) {
  form.querySelector("[data-upload-button]").hidden = true;
  let queue = Promise.resolve();
  const add = (files) => {
    for (const file of files) {
      const line = newLine(file);
      queue = queue.then(() => send(file, line));
    }
  };
  input.addEventListener("change", () => {
    add([...input.files]);
    input.value = "";
  });
  for (const name of ["dragenter", "dragover"]) {
    form.addEventListener(name, (event) => {
      event.preventDefault();
      form.classList.add("is-over");
    });
  }
  for (const name of ["dragleave", "drop"]) form.addEventListener(name, () => form.classList.remove("is-over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    add([...event.dataTransfer.files]);
  });
}

function newLine(file) {
  const line = document.createElement("li");
  const head = document.createElement("span");
  head.className = "up-line";
  const name = document.createElement("strong");
  name.className = "break";
  name.textContent = file.name;
  const state = document.createElement("span");
  state.className = "soft small nowrap";
  head.append(name, state);
  const bar = document.createElement("progress");
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", `${list.dataset.waiting}: ${file.name}`);
  line.append(head, bar);
  list.append(line);
  return { line, state, bar };
}

function send(file, { line, state, bar }) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("X-CSRF-Token", form.elements.csrf_token.value);
    request.setRequestHeader("HX-Request", "true");
    request.upload.addEventListener("progress", (event) => {
      const percent = event.lengthComputable ? Math.round((100 * event.loaded) / event.total) : 0;
      bar.value = percent;
      state.textContent = percent < 100 ? `${percent} %` : list.dataset.checking;
    });
    request.addEventListener("loadend", () => {
      bar.remove();
      state.remove();
      if (request.responseText && request.status !== 0) {
        const answer = document.createElement("div");
        answer.innerHTML = request.responseText; // our own server's words, escaped there
        line.append(answer);
      } else {
        const failed = document.createElement("span");
        failed.className = "form-error";
        failed.textContent = list.dataset.failed;
        line.append(failed);
      }
      done();
    });
    const body = new FormData();
    if (form.elements.owner_area) body.append("owner_area", form.elements.owner_area.value);
    body.append("file", file);
    request.send(body);
  });
}
