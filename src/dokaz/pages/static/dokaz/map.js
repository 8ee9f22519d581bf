// The map of sites: a basemap out of the package, a mark for each site, and a list beside it that says the same in words.

(() => {
  "use strict";

  const frame = document.getElementById("map");
  if (!frame) return;
  const sites = JSON.parse(document.getElementById("map-sites").textContent);
  const uk = document.documentElement.lang === "uk";
  const items = new Map([...document.querySelectorAll("[data-site]")].map((item) => [item.dataset.site, item]));

  // Places to find one's way by: name in English, in Ukrainian, east, north, and from which zoom on.
  const PLACES = [
    ["Kyiv", "Київ", 30.52, 50.45, 3], ["Kharkiv", "Харків", 36.25, 49.99, 4.2], ["Odesa", "Одеса", 30.73, 46.48, 4.2],
    ["Dnipro", "Дніпро", 35.05, 48.46, 4.6], ["Donetsk", "Донецьк", 37.8, 48.0, 5], ["Zaporizhzhia", "Запоріжжя", 35.14, 47.84, 5.2],
    ["Lviv", "Львів", 24.03, 49.84, 4.2], ["Kryvyi Rih", "Кривий Ріг", 33.39, 47.91, 5.8], ["Mykolaiv", "Миколаїв", 32.0, 46.97, 5.4],
    ["Sevastopol", "Севастополь", 33.52, 44.6, 5.4], ["Luhansk", "Луганськ", 39.31, 48.57, 5], ["Mariupol", "Маріуполь", 37.54, 47.1, 5.4],
    ["Vinnytsia", "Вінниця", 28.47, 49.23, 5], ["Simferopol", "Сімферополь", 34.1, 44.95, 4.8], ["Kherson", "Херсон", 32.62, 46.64, 5.2],
    ["Poltava", "Полтава", 34.55, 49.59, 5], ["Chernihiv", "Чернігів", 31.29, 51.49, 5], ["Cherkasy", "Черкаси", 32.06, 49.44, 5.4],
    ["Sumy", "Суми", 34.8, 50.91, 5], ["Zhytomyr", "Житомир", 28.66, 50.25, 5.4], ["Khmelnytskyi", "Хмельницький", 26.99, 49.42, 5.4],
    ["Rivne", "Рівне", 26.25, 50.62, 5.4], ["Ivano-Frankivsk", "Івано-Франківськ", 24.71, 48.92, 5.4], ["Ternopil", "Тернопіль", 25.59, 49.55, 5.8],
    ["Lutsk", "Луцьк", 25.34, 50.75, 5.8], ["Uzhhorod", "Ужгород", 22.3, 48.62, 5], ["Chernivtsi", "Чернівці", 25.94, 48.29, 5.2],
    ["Kropyvnytskyi", "Кропивницький", 32.26, 48.51, 5.4], ["Kerch", "Керч", 36.47, 45.36, 6], ["Izium", "Ізюм", 37.25, 49.21, 6.4],
    ["Bucha", "Буча", 30.21, 50.55, 8],
  ];
  const STATES = [
    ["Ukraine", "Україна", 31.6, 48.95, 3, 6], ["Poland", "Польща", 19.4, 52.1, 3, 6], ["Belarus", "Білорусь", 27.9, 53.4, 3, 6],
    ["Romania", "Румунія", 24.9, 45.9, 3, 6], ["Moldova", "Молдова", 28.6, 47.2, 4.6, 7], ["Black Sea", "Чорне море", 33.5, 43.6, 4, 7],
    ["Sea of Azov", "Азовське море", 36.6, 46.05, 5.4, 8],
  ];

  // A pin takes so many pixels, its edge included.
  const PIN_PX = 48;

  const isDark = () => {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  };
  const inks = () => isDark()
    ? { sea: "#101b28", land: "#20252c", home: "#2c333d", border: "#525a66" }
    : { sea: "#dfe7ec", land: "#f1eee6", home: "#fffdf8", border: "#a8a294" };

  const style = () => {
    const ink = inks();
    return {
      version: 8,
      sources: { world: { type: "geojson", data: frame.dataset.basemap, tolerance: 0.2 } },
      layers: [
        { id: "sea", type: "background", paint: { "background-color": ink.sea } },
        { id: "land", type: "fill", source: "world", filter: ["==", ["get", "kind"], "state"],
          paint: { "fill-color": ["case", ["==", ["get", "id"], "804"], ink.home, ink.land], "fill-antialias": true } },
        { id: "coast", type: "line", source: "world", filter: ["==", ["get", "kind"], "state"],
          paint: { "line-color": ink.border, "line-width": 0.5, "line-opacity": 0.7 } },
        { id: "border", type: "line", source: "world", filter: ["==", ["get", "kind"], "border"],
          paint: { "line-color": ink.border, "line-width": ["interpolate", ["linear"], ["zoom"], 3, 0.7, 8, 1.6] } },
      ],
    };
  };

  function refuse() {
    frame.replaceChildren(Object.assign(document.createElement("p"), { className: "refusal", textContent: frame.dataset.refusal }));
  }

  let map;
  try {
    maplibregl.setWorkerUrl(frame.dataset.worker);
    map = new maplibregl.Map({
      container: frame, style: style(), attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false,
      minZoom: 2, maxZoom: 17, bounds: bounds(), fitBoundsOptions: { padding: 70, maxZoom: Math.min(12, Math.max(8, apartFrom())) },
      locale: { "Map.Title": frame.dataset.title, "NavigationControl.ZoomIn": frame.dataset.closer,
                "NavigationControl.ZoomOut": frame.dataset.farther },
    });
  } catch {
    refuse();
    return;
  }
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibregl.ScaleControl({ unit: "metric" }), "bottom-left");
  map.touchZoomRotate.disableRotation();

  function bounds() {
    if (!sites.length) return [[21.5, 44], [40.5, 52.6]];
    const east = sites.map((site) => site.lon), north = sites.map((site) => site.lat);
    return [[Math.min(...east), Math.min(...north)], [Math.max(...east), Math.max(...north)]];
  }

  // From which zoom on no pin covers another.
  function apartFrom() {
    const at = sites.map((site) => maplibregl.MercatorCoordinate.fromLngLat([site.lon, site.lat]));
    const distances = at.flatMap((one, i) => at.slice(i + 1).map((other) => Math.hypot(one.x - other.x, one.y - other.y)));
    return Math.log2(PIN_PX / (512 * Math.min(...distances.filter((distance) => distance > 0))));
  }

  const names = [
    ...PLACES.map(([en, local, lon, lat, from]) => name(uk ? local : en, "place-name", lon, lat, from, 24)),
    ...STATES.map(([en, local, lon, lat, from, to]) => name(uk ? local : en, "place-name state-name", lon, lat, from, to)),
  ];
  function name(words, className, lon, lat, from, to) {
    const element = Object.assign(document.createElement("div"), { className, textContent: words });
    element.setAttribute("aria-hidden", "true");
    new maplibregl.Marker({ element }).setLngLat([lon, lat]).addTo(map);
    element.removeAttribute("role");
    element.removeAttribute("tabindex");
    return { element, from, to };
  }
  const showNames = () => {
    for (const one of names) one.element.hidden = map.getZoom() < one.from || map.getZoom() >= one.to;
  };
  map.on("zoom", showNames);
  showNames();

  const pins = new Map();
  for (const site of sites) {
    const pin = Object.assign(document.createElement("button"), { type: "button", className: "pin" });
    pin.addEventListener("click", () => choose(site, false));
    new maplibregl.Marker({ element: wrapped(pin, site.number), anchor: "bottom" }).setLngLat([site.lon, site.lat]).addTo(map);
    pin.setAttribute("aria-label", `${site.number} ${site.name}`);
    pin.setAttribute("aria-pressed", "false");
    pins.set(site.number, pin);
  }
  // MapLibre moves its element with a transform; the pin keeps its own turn inside, and its number stands below its point.
  function wrapped(pin, number) {
    const holder = Object.assign(document.createElement("div"), { className: "pin-holder" });
    const label = Object.assign(document.createElement("span"), { className: "place-name no", textContent: number });
    label.setAttribute("aria-hidden", "true");
    holder.append(pin, label);
    return holder;
  }
  for (const holder of frame.querySelectorAll(".maplibregl-marker")) {
    holder.removeAttribute("aria-label");
    holder.removeAttribute("role");
    holder.removeAttribute("tabindex");
  }

  // Close up the basemap shows no town: a small map in the corner says where one is.
  const corner = Object.assign(document.createElement("div"), { className: "map-corner" });
  corner.setAttribute("aria-hidden", "true");
  frame.append(corner);
  const whole = new maplibregl.Map({
    container: corner, style: style(), attributionControl: false, interactive: false,
    bounds: [[21.5, 44], [40.5, 52.6]], fitBoundsOptions: { padding: 6 },
  });
  const here = Object.assign(document.createElement("div"), { className: "map-here" });
  const marker = new maplibregl.Marker({ element: here }).setLngLat(map.getCenter()).addTo(whole);
  const showCorner = () => {
    marker.setLngLat(map.getCenter());
    frame.toggleAttribute("data-far", map.getZoom() < Math.min(12, apartFrom()) - 0.5);
    corner.toggleAttribute("data-aside", map.getZoom() < 7);
  };
  map.on("move", showCorner);
  showCorner();

  function choose(site, fly) {
    for (const [number, pin] of pins) pin.setAttribute("aria-pressed", String(number === site.number));
    for (const [number, item] of items) item.toggleAttribute("data-here", number === site.number);
    items.get(site.number)?.scrollIntoView({ block: "nearest" });
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (fly) map[calm ? "jumpTo" : "flyTo"]({ center: [site.lon, site.lat], zoom: Math.max(map.getZoom(), 9) });
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fly]");
    if (button) choose(sites.find((site) => site.number === button.dataset.fly), true);
  });

  const paint = () => {
    frame.toggleAttribute("data-dark", isDark());
    map.setStyle(style());
    whole.setStyle(style());
  };
  frame.toggleAttribute("data-dark", isDark());
  document.addEventListener("themechange", paint);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  map.once("idle", () => frame.setAttribute("data-ready", ""));
})();
