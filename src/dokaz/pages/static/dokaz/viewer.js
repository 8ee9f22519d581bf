// Looking into a photograph: drawn on a canvas, moved by mouse, touch or keys, blurred until asked for.

(() => {
  "use strict";

  const frame = document.getElementById("viewer");
  if (!frame) return;
  const tools = document.querySelector(".viewer-tools");
  let viewer;

  function open() {
    // OpenSeadragon would write a style of its own, which the pages forbid; it does not where one like it stands.
    const stand = document.createElementNS("urn:dokaz:stand-in", "style");
    stand.setAttribute("data-openseadragon-mobile-css", "");
    document.head.append(stand);
    const src = frame.dataset.src;
    viewer = OpenSeadragon({
      element: frame,
      drawer: "canvas",
      tileSources: src.split("?")[0].endsWith(".dzi") ? src : { type: "image", url: src, buildPyramid: true },
      showNavigationControl: false,
      showNavigator: false,
      crossOriginPolicy: false,
      animationTime: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 0.5,
      visibilityRatio: 0.6,
      maxZoomPixelRatio: 4,
      minZoomImageRatio: 0.8,
      gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
    });
    viewer.canvas.setAttribute("role", "application");
    viewer.canvas.setAttribute("aria-label", frame.dataset.alt);
    viewer.addHandler("open", () => frame.setAttribute("data-ready", ""));
  }

  const deeds = {
    in: () => viewer?.viewport.zoomBy(1.5),
    out: () => viewer?.viewport.zoomBy(1 / 1.5),
    home: () => viewer?.viewport.goHome(),
    turn: () => viewer?.viewport.setRotation(viewer.viewport.getRotation() + 90),
    show: () => hide(false),
    hide: () => hide(true),
  };

  function hide(hidden) {
    frame.toggleAttribute("data-hidden", hidden);
    const show = frame.querySelector("[data-viewer=show]") ?? document.querySelector("[data-viewer=show]");
    const button = tools.querySelector("[data-viewer=hide]");
    if (show) show.hidden = !hidden;
    button.hidden = hidden;
    (hidden ? show : button)?.focus();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-viewer]");
    if (button) deeds[button.dataset.viewer]?.();
  });
  open();
})();
