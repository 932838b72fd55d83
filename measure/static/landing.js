// Sharing and copying are comforts: without this script the link stands there to be copied by hand.
(function () {
  "use strict";
  var link = document.getElementById("link");
  var share = document.querySelector("[data-share]");
  var copy = document.querySelector("[data-copy]");
  var said = document.querySelector("[data-said]");
  if (navigator.share) {
    share.hidden = false;
    share.addEventListener("click", function () {
      navigator.share({ title: document.title, url: link.value }).catch(function () {});
    });
  }
  copy.hidden = false;
  copy.addEventListener("click", function () {
    link.select();
    var done = function () { said.textContent = copy.getAttribute("data-done"); };
    if (navigator.clipboard) {
      navigator.clipboard.writeText(link.value).then(done, function () {});
    } else if (document.execCommand("copy")) {
      done();
    }
  });
})();
