// Files dropped on the page or chosen are sent in pieces (tus 1.0.0, tus-js-client), one file after the other. A cut
// connection, a pause or a reload costs no more than the piece under way: what was answered is kept by the server, and
// the same file chosen again goes on where it stood.
const PIECE = 8 * 1024 * 1024;
const DELAYS = [0, 1000, 2000, 4000, 8000, 15000, 30000, 30000, 60000, 60000, 60000]; // milliseconds between tries
const form = document.querySelector("[data-upload]");
const list = document.getElementById("uploads");
const input = form?.querySelector('input[type="file"]');
const lines = new Set();
let turn = Promise.resolve();

if (form && list && input && window.tus?.isSupported) {
  form.querySelector("[data-upload-button]").hidden = true;
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
  window.addEventListener("online", () => lines.forEach((line) => line.failed && line.go()));
  window.addEventListener("beforeunload", (event) => [...lines].some((line) => line.busy) && event.preventDefault());
}

function add(files) {
  for (const file of files) {
    const line = new Line(file);
    lines.add(line);
    turn = turn.then(() => line.start());
  }
}

class Line {
  constructor(file) {
    this.file = file;
    this.element = document.getElementById("upload-line").content.firstElementChild.cloneNode(true);
    this.part("name").textContent = file.name;
    this.bar = this.element.querySelector("progress");
    this.bar.setAttribute("aria-label", file.name);
    for (const act of ["pause", "go", "remove"]) {
      this.part(act).setAttribute("aria-label", `${this.part(act).textContent.trim()}: ${file.name}`);
      this.part(act).addEventListener("click", () => this[act]());
    }
    this.say("waiting");
    list.append(this.element);
  }

  part(name) {
    return this.element.querySelector(`[data-${name}]`);
  }

  say(state, text = list.dataset[state]) {
    this.state = state;
    this.part("state").textContent = text;
    this.part("state").classList.toggle("form-error", state === "failed");
    this.part("pause").hidden = !["sending", "cut"].includes(state);
    this.part("go").hidden = !["paused", "failed"].includes(state);
    this.part("remove").hidden = state === "checking";
  }

  get busy() {
    return ["waiting", "sending", "cut", "checking"].includes(this.state);
  }

  get failed() {
    return this.state === "failed" && this.mayTryAgain;
  }

  // Resolves when the next file may begin: this one is in the library, was refused, or has been put off.
  async start() {
    if (this.state !== "waiting") return;
    this.upload = this.prepared();
    const [earlier] = await this.upload.findPreviousUploads();
    if (earlier) this.upload.resumeFromPreviousUpload(earlier);
    if (this.state === "waiting") await this.go();
  }

  prepared() {
    const metadata = { filename: this.file.name, filetype: this.file.type };
    if (form.elements.owner_area) metadata.owner_area = form.elements.owner_area.value;
    return new tus.Upload(this.file, {
      endpoint: form.dataset.upload,
      chunkSize: PIECE,
      retryDelays: DELAYS,
      removeFingerprintOnSuccess: true,
      headers: { "X-CSRF-Token": form.elements.csrf_token.value },
      metadata,
      onProgress: (sent, all) => this.show(sent, all),
      onShouldRetry: (error) => this.worthAnotherTry(error),
      onSuccess: () => this.check(),
      onError: (error) => this.refused(error),
    });
  }

  go() {
    this.say("sending");
    this.upload.start();
    return new Promise((over) => (this.over = over));
  }

  pause() {
    this.upload.abort();
    this.say("paused");
    this.over();
  }

  remove() {
    if (this.state === "waiting" || !this.upload.url) this.upload?.abort();
    else this.upload.abort(true).catch(() => {}); // what cannot be told to the server now expires there
    this.state = "removed";
    this.leave();
    this.element.remove();
  }

  leave() {
    lines.delete(this);
    this.over?.();
  }

  show(sent, all) {
    if (this.state === "cut") this.say("sending");
    const here = number(sent / 1e6);
    this.bar.value = (100 * sent) / all;
    this.part("amount").textContent =
      `${Math.floor(this.bar.value)} % · ${list.dataset.of.replace("{here}", here).replace("{all}", number(all / 1e6))}`;
    if (this.upload.url) document.querySelector(`[data-unfinished="${new URL(this.upload.url, location).pathname}"]`)?.remove();
  }

  worthAnotherTry(error) {
    const status = error.originalResponse?.getStatus() ?? 0;
    const passing = status === 0 || status === 409 || status === 423 || (status >= 500 && status !== 507);
    if (passing) this.say("cut");
    return passing;
  }

  refused(error) {
    this.mayTryAgain = !error.originalResponse || error.originalResponse.getStatus() >= 500;
    this.say("failed", detail(error.originalResponse?.getBody()) ?? list.dataset.failed);
    this.part("go").hidden = !this.mayTryAgain;
    this.over();
  }

  // Every byte is there: the server looks at the file and answers with a line of the list.
  async check(tries = DELAYS) {
    this.say("checking");
    this.bar.removeAttribute("value");
    try {
      const headers = { ...this.upload.options.headers, "HX-Request": "true" };
      const answer = await fetch(`${this.upload.url}/asset`, { method: "POST", headers });
      if (answer.status >= 502) throw new TypeError("the server is on its way back");
      this.finish(await answer.text());
    } catch {
      if (!tries.length) return this.refused({});
      await new Promise((wait) => setTimeout(wait, tries[0]));
      await this.check(tries.slice(1));
    }
  }

  finish(html) {
    const answer = document.createElement("div");
    answer.innerHTML = html; // our own server's words, escaped there
    this.element.querySelector(".up-acts").remove();
    this.bar.remove();
    this.part("state").replaceWith(answer);
    this.leave();
  }
}

function detail(body) {
  try {
    return JSON.parse(body).detail;
  } catch {
    return undefined;
  }
}

function number(value) {
  return value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: value < 10 ? 1 : 0 });
}
