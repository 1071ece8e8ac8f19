/* The themes page: one picture in several looks, and under each the rules that make it. */
(function () {
  "use strict";

  var LOOKS = [
    { name: "plain", title: "As it comes", about: "Nothing is set. It takes the page’s font, and dark or light from the page or the system." },
    { name: "paper", title: "Paper", about: "Warm colours and a face with serifs.", options: { hasDarkBackground: false } },
    { name: "midnight", title: "Midnight", about: "The dark look in every case, by an option.", options: { hasDarkBackground: true } },
    { name: "brand", title: "Brand", about: "One colour and straight corners.", options: { hasDarkBackground: false } },
    { name: "round", title: "Round", about: "Everything round.", options: { hasDarkBackground: false } },
    { name: "contrast", title: "Strong contrast", about: "Black, white and yellow.", options: { hasDarkBackground: true } },
    { name: "parts", title: "By parts", about: "Rules for single parts, where colours are not enough.", options: { hasDarkBackground: false } }
  ];

  /** The rules of themes.css that a look is made of, or the option. */
  function rulesOf(look) {
    var found = [];
    Array.from(document.styleSheets).forEach(function (sheet) {
      if (!/themes\.css$/.test(sheet.href || "")) return;
      Array.from(sheet.cssRules).forEach(function (rule) {
        var selector = rule.selectorText || "";
        if (selector.indexOf(".look-" + look.name) === 0) {
          found.push(rule.cssText.replace(/; (?=[a-z-])/g, ";\n  ").replace(/\{ /, "{\n  ").replace(/;? \}$/, ";\n}"));
        }
      });
    });
    if (found.length > 0) return found.join("\n");
    return look.name === "midnight" ? "ImageChat(picture, {\n  hasDarkBackground: true\n});" : "/* nothing */";
  }

  var section = document.querySelector("#themes");
  var pattern = document.querySelector("template").content;
  var figures = LOOKS.map(function (look) {
    var figure = pattern.cloneNode(true).querySelector("figure");
    figure.classList.add("look-" + look.name);
    figure.querySelector("h2").textContent = look.title;
    figure.querySelector(".about").textContent = look.about;
    figure.querySelector("pre").setAttribute("aria-label", "What makes the look: " + look.title);
    figure.querySelector("code").textContent = rulesOf(look);
    section.append(figure);
    return figure;
  });

  function mount(figure) {
    var look = LOOKS[figures.indexOf(figure)];
    var config = { tenantId: "demo", urlId: "coffee", pageTitle: "Image Chat: looks", chatSquarePercentage: 8 };
    window.ImageChat(figure.querySelector("img"), Object.assign(config, look.options));
  }

  if (typeof window.ImageChat !== "function") {
    document.querySelector("[data-failure]").hidden = false;
    return;
  }
  var observer = new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) {
      if (!entry.isIntersecting) return;
      observer.unobserve(entry.target);
      mount(entry.target);
    });
  }, { rootMargin: "400px 0px" });
  figures.forEach(function (figure) { observer.observe(figure); });
})();
