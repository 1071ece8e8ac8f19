/* The page of features: builds a section for each row of features-table.js, and mounts a picture when it is near. */
(function () {
  "use strict";

  var SIZES = { coffee: [600, 400], dashboard: [2400, 1520], hubble: [1000, 872], rocket: [640, 427], ticket: [780, 3480], "water-cycle": [2400, 1600] };
  var ALTS = {
    coffee: "An espresso in a brown cup on a wooden table.",
    dashboard: "A mock-up of a grocery shop’s back office.",
    hubble: "Thousands of galaxies on a black sky.",
    rocket: "A white rocket on its launch pad at dusk.",
    ticket: "A tall screenshot of a railway’s app.",
    "water-cycle": "A labelled diagram of the water cycle."
  };
  var LANGUAGES = { fa: "فارسی", ar: "العربية", he: "עברית", en: "English", de: "Deutsch", fr: "Français", ja: "日本語", hi: "हिन्दी", uk: "Українська" };

  var pattern = document.querySelector("template").content;
  var holder = document.querySelector("#features");
  var index = document.querySelector(".index ul");

  function made(tag, className, text) {
    var element = document.createElement(tag);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  }

  function image(feature) {
    var img = made("img");
    img.src = "/demo/pictures/" + feature.picture + ".webp";
    img.alt = ALTS[feature.picture];
    img.width = SIZES[feature.picture][0];
    img.height = SIZES[feature.picture][1];
    img.loading = "lazy";
    return img;
  }

  function written(value) {
    return typeof value === "object"
      ? "{ " + Object.keys(value).map(function (name) { return name + ": " + written(value[name]); }).join(", ") + " }"
      : JSON.stringify(value);
  }

  function kebab(name) {
    return name.replace(/[A-Z]/g, function (letter) { return "-" + letter.toLowerCase(); });
  }

  function snippet(feature, options) {
    var all = Object.assign({ tenantId: "demo", urlId: feature.urlId }, options);
    var names = Object.keys(all);
    if (feature.tag) {
      return "<image-chat\n" + names.map(function (name) { return "  " + kebab(name) + "=\"" + all[name] + "\""; }).join("\n") +
        ">\n  <img src=\"" + feature.picture + ".webp\" alt=\"…\">\n</image-chat>";
    }
    return "ImageChat(picture, {\n" + names.map(function (name) { return "  " + name + ": " + written(all[name]); }).join(",\n") + "\n});";
  }

  /** What the visitor may change in a feature. `change` is given options; `show` a text of what happened. */
  var tries = {
    languages: function (at, feature, change) {
      var label = made("label", "", "Language ");
      var select = made("select");
      Object.keys(LANGUAGES).forEach(function (tag) {
        var option = made("option", "", LANGUAGES[tag]);
        option.value = tag;
        option.lang = tag;
        select.append(option);
      });
      select.addEventListener("change", function () { change({ locale: select.value }); });
      label.append(select);
      at.append(label);
    },
    dark: function (at, feature, change) {
      toggle(at, "Dark", true, function (on) { change({ hasDarkBackground: on }); });
      var link = made("a", "", "Seven looks");
      link.href = "/themes";
      at.append(link);
    },
    readonly: function (at, feature, change) {
      toggle(at, "Only to read", true, function (on) { change({ readonly: on }); });
    },
    print: function (at) {
      var button = made("button", "", "Print this page");
      button.type = "button";
      button.addEventListener("click", function () { window.print(); });
      at.append(button);
    },
    link: function (at, feature) {
      var link = made("a", "", "");
      var hint = made("span", "", "Open a conversation, and its link stands here.");
      at.append(hint, link);
      feature.calls = {
        onMarkerOpen: function (id) {
          hint.textContent = "Its link: ";
          link.textContent = "#image-chat=" + id;
          link.href = "#image-chat=" + id;
        }
      };
    },
    events: function (at, feature) {
      var list = made("output", "events", "What it tells shows here.");
      at.append(list);
      feature.listen = function (tag) {
        ["ready", "comment-count", "marker-open", "marker-close"].forEach(function (type) {
          tag.addEventListener("image-chat-" + type, function (event) {
            var detail = event.detail === null ? "" : " " + JSON.stringify(event.detail);
            list.textContent = "image-chat-" + type + detail;
          });
        });
      };
    }
  };

  function toggle(at, words, isOn, tell) {
    var label = made("label");
    var box = made("input");
    box.type = "checkbox";
    box.checked = isOn;
    box.addEventListener("change", function () { tell(box.checked); });
    label.append(box, " " + words);
    at.append(label);
  }

  function build(feature) {
    var section = pattern.cloneNode(true).querySelector("section");
    var title = section.querySelector("h2");
    section.id = "try-" + feature.id;
    title.id = section.id + "-title";
    title.textContent = feature.title;
    section.setAttribute("aria-labelledby", title.id);
    section.querySelector(".about").textContent = feature.about;
    var code = section.querySelector("code");
    var options = Object.assign({}, feature.options);
    code.textContent = snippet(feature, options);
    section.querySelector("pre").setAttribute("aria-label", "Code: " + feature.title);
    feature.chats = [];
    var change = function (changed) {
      Object.assign(options, changed);
      code.textContent = snippet(feature, options);
      feature.chats.forEach(function (chat) { chat.update(changed); });
    };
    if (feature.tries) tries[feature.tries](section.querySelector(".tries"), feature, change);
    else section.querySelector(".tries").remove();
    var shown = section.querySelector(".shown");
    (feature.boxes || [null]).forEach(function (box) {
      var frame = made("div", "frame" + (box ? " box " + box : "") + (feature.tall ? " tall" : ""));
      frame.append(image(feature));
      shown.append(frame);
    });
    if (feature.boxes) shown.classList.add("boxes");
    var link = made("a", "", feature.title);
    link.href = "#" + section.id;
    var item = made("li");
    item.append(link);
    index.append(item);
    holder.append(section);
    return section;
  }

  function mount(feature, section) {
    var config = Object.assign({ tenantId: "demo", urlId: feature.urlId, pageTitle: feature.title }, feature.options, feature.calls);
    if (!feature.tag) {
      section.querySelectorAll("img").forEach(function (img) { feature.chats.push(window.ImageChat(img, config)); });
      return;
    }
    var tag = made("image-chat");
    Object.keys(config).forEach(function (name) { tag.setAttribute(kebab(name), config[name]); });
    feature.listen(tag);
    var img = section.querySelector("img");
    img.replaceWith(tag);
    tag.append(img);
  }

  var sections = FEATURES.map(build);
  // The sections were not there when the browser looked for what the address names.
  if (location.hash && document.getElementById(location.hash.slice(1))) document.getElementById(location.hash.slice(1)).scrollIntoView();
  if (typeof window.ImageChat !== "function") {
    document.querySelector("[data-failure]").hidden = false;
    return;
  }
  var observer = new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) {
      if (!entry.isIntersecting) return;
      observer.unobserve(entry.target);
      mount(FEATURES[sections.indexOf(entry.target)], entry.target);
    });
  }, { rootMargin: "400px 0px" });
  sections.forEach(function (section) { observer.observe(section); });
})();
