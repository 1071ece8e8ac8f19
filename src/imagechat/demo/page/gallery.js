/* The demo gallery. Runs first thing in the body, so that the chosen appearance is there before anything is painted;
   the rest waits for the document and, with it, for the deferred widget. */
(function () {
  "use strict";

  var THEME = "imagechat-demo-theme";
  var TOKEN = "imagechat-demo-moderator";
  var system = window.matchMedia("(prefers-color-scheme: dark)");
  var mounted = new Map(); // card -> what ImageChat() returned

  // A browser may refuse storage; then a choice lasts as long as the page.
  var memory = {};
  function keep(store, key, value) {
    memory[key] = value;
    try {
      if (value === null) window[store].removeItem(key);
      else window[store].setItem(key, value);
    } catch (refused) { /* memory has it */ }
  }
  function kept(store, key) {
    if (key in memory) return memory[key];
    try {
      return window[store].getItem(key);
    } catch (refused) {
      return null;
    }
  }

  /* Appearance */

  function isDark() {
    var choice = kept("localStorage", THEME);
    return choice ? choice === "dark" : system.matches;
  }

  function applyTheme() {
    var dark = isDark();
    document.body.classList.toggle("dark", dark);
    document.body.classList.toggle("light", !dark);
    var button = document.querySelector("[data-theme]");
    if (button) button.setAttribute("aria-pressed", String(dark));
    mounted.forEach(function (chat, card) {
      if (chat && chat.update) chat.update(config(card));
    });
  }

  /* The moderator's token comes in the hash, is kept for this tab, and leaves the address bar at once. */

  function takeToken() {
    var params = new URLSearchParams(location.hash.replace(/^#/, ""));
    var token = params.get("moderator");
    if (token === null) return false;
    params.delete("moderator");
    var rest = params.toString();
    history.replaceState(history.state, "", location.pathname + location.search + (rest ? "#" + rest : ""));
    if (!token) return false;
    keep("sessionStorage", TOKEN, token);
    return true;
  }

  function showModerator() {
    document.querySelector("[data-moderator]").hidden = !kept("sessionStorage", TOKEN);
  }

  /* The pictures */

  function config(card) {
    var options = {
      tenantId: "demo",
      urlId: card.dataset.urlId,
      pageTitle: card.querySelector("h2").textContent,
      hasDarkBackground: isDark(),
      commentCountUpdated: function (count) { showCount(card, count); }
    };
    // five percent of a picture as wide as the page would cover what is talked about
    if (card.dataset.square) options.chatSquarePercentage = Number(card.dataset.square);
    var token = kept("sessionStorage", TOKEN);
    if (token) options.sessionId = token;
    return options;
  }

  function showCount(card, count) {
    if (typeof count !== "number" || !isFinite(count)) return;
    var badge = card.querySelector("[data-count]");
    badge.textContent = count === 0 ? "No comments yet" : count === 1 ? "1 comment" : count + " comments";
    badge.hidden = false;
  }

  function mount(card) {
    if (mounted.has(card)) return;
    var trouble = card.querySelector("[data-trouble]");
    trouble.hidden = true;
    try {
      mounted.set(card, window.ImageChat(card.querySelector("img"), config(card)));
    } catch (error) {
      trouble.textContent = "The chat could not be started on this picture.";
      trouble.hidden = false;
      console.error(error);
    }
  }

  function remountAll() {
    var cards = Array.from(mounted.keys());
    cards.forEach(function (card) {
      var chat = mounted.get(card);
      if (chat && chat.destroy) chat.destroy();
      mounted.delete(card);
    });
    cards.forEach(mount);
  }

  function watch(cards) {
    if (!("IntersectionObserver" in window)) {
      cards.forEach(mount);
      return;
    }
    var observer = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        if (!entry.isIntersecting) return;
        observer.unobserve(entry.target);
        mount(entry.target);
      });
    }, { rootMargin: "600px 0px" });
    cards.forEach(function (card) { observer.observe(card); });
  }

  function showFailure() {
    var box = document.querySelector("[data-failure]");
    var text = document.createElement("p");
    var strong = document.createElement("b");
    var again = document.createElement("button");
    strong.textContent = "The chat could not be loaded.";
    text.append(strong, " You can look at the pictures, but not see or write comments. Is the server still running?");
    again.type = "button";
    again.textContent = "Try again";
    again.addEventListener("click", function () { location.reload(); });
    box.hidden = false;
    box.append(text, again);
  }

  /* The rest of the page */

  function openSecond(event) {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    var screenWidth = window.screen.availWidth;
    if (screenWidth < 1000) return; // a phone or a tablet: a new tab, by the link itself
    event.preventDefault();
    var width = Math.floor(screenWidth / 2);
    var left = (window.screen.availLeft || 0) + screenWidth - width;
    window.open(event.currentTarget.href, "_blank",
      "noopener,popup,left=" + left + ",top=0,width=" + width + ",height=" + window.screen.availHeight);
  }

  function copySnippet() {
    var code = document.querySelector("[data-snippet]");
    var label = document.querySelector("[data-copy-label]");
    var status = document.querySelector("[data-copy-status]");
    function select() {
      var range = document.createRange();
      range.selectNodeContents(code);
      var selection = window.getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
    }
    function say(short, long) {
      label.textContent = short;
      status.textContent = long;
      setTimeout(function () { label.textContent = "Copy"; status.textContent = ""; }, 2500);
    }
    function byHand() {
      select();
      var done = false;
      try { done = document.execCommand("copy"); } catch (refused) { done = false; }
      if (done) say("Copied", "Copied to the clipboard");
      else say("Selected", "The code is selected; copy it with the keyboard");
    }
    // the clipboard is there on secure pages only
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(code.textContent).then(function () {
        say("Copied", "Copied to the clipboard");
      }, byHand);
    } else {
      byHand();
    }
  }

  function start() {
    var theme = document.querySelector("[data-theme]");
    theme.addEventListener("click", function () {
      keep("localStorage", THEME, isDark() ? "light" : "dark");
      applyTheme();
    });
    system.addEventListener("change", applyTheme);
    window.addEventListener("storage", function (event) {
      if (event.key !== THEME) return;
      delete memory[THEME];
      applyTheme();
    });

    showModerator();
    document.querySelector("[data-sign-out]").addEventListener("click", function () {
      keep("sessionStorage", TOKEN, null);
      showModerator();
      remountAll();
      document.querySelector(".brand").focus(); // the button is gone: keep the keyboard's place
    });
    window.addEventListener("hashchange", function () {
      if (!takeToken()) return;
      showModerator();
      remountAll();
    });

    document.querySelector("[data-second]").addEventListener("click", openSecond);
    document.querySelector("[data-origin]").textContent = location.origin;
    var copy = document.querySelector("[data-copy]");
    copy.hidden = false;
    copy.addEventListener("click", copySnippet);

    applyTheme();
    if (typeof window.ImageChat !== "function") {
      showFailure();
      return;
    }
    watch(Array.from(document.querySelectorAll("[data-url-id]")));
  }

  takeToken();
  applyTheme();
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
