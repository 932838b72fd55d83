// A rough sketch of the creative while it is being written: the same picture, words and corner, on two shapes.
const form = document.querySelector("[data-editor]");

const value = (name) => form.elements[name]?.value ?? "";

function picture() {
  return form.querySelector('input[name="asset"]:checked')?.closest("label").querySelector("img")?.src ?? "";
}

function draw(sketch) {
  const image = sketch.querySelector("img");
  const source = picture();
  image.hidden = !source;
  if (source && image.src !== source) image.src = source;
  image.style.objectFit = value("fit") === "cover" ? "cover" : "contain";
  image.style.objectPosition = `${value("focal_x")}% ${value("focal_y")}%`;
  sketch.style.backgroundColor = value("background");
  const [headline, action] = sketch.querySelectorAll(".sketch-words > *");
  headline.textContent = value("headline_vi") || value("headline_en");
  action.textContent = value("action_vi") || value("action_en");
  placeCode(sketch, value("qr_corner"), Number(value("qr_width_pct")) || 30);
}

function placeCode(sketch, corner, percent) {
  const code = sketch.querySelector(".sketch-qr");
  code.toggleAttribute("hidden", !corner);
  code.style.display = corner ? "block" : "none";
  const side = Math.min(sketch.clientWidth, sketch.clientHeight);
  code.style.width = code.style.height = `${(side * percent) / 100}px`;
  const words = sketch.querySelector(".sketch-words");
  for (const edge of ["top", "bottom", "left", "right"]) {
    code.style[edge] = corner.includes(edge) ? "6%" : "auto";
  }
  words.style.top = corner.startsWith("top") ? "auto" : "6%";
  words.style.bottom = corner.startsWith("top") ? "6%" : "auto";
}

if (form) {
  const redraw = () => document.querySelectorAll("[data-sketch]").forEach(draw);
  form.addEventListener("input", redraw);
  window.addEventListener("resize", redraw);
  redraw();
}
