// The picture of both sides: a year that was sent once, drawn on a canvas. Nothing here asks the server for anything.

const WEEK = 5;  // working days that an arrow counts
const KEPT = 8;  // days that an event stays on the picture

// --- the year ---------------------------------------------------------------------------------------------------------

export async function unpack(packet) {
  const sides = await Promise.all(packet.sides.map((side) => unpackSide(side, packet.days)));
  const most = (name, share) => Math.max(1, ...sides.map((side) => topShare(side, name, share)));
  return { days: packet.days, events: packet.events || [], seed: packet.seed, sides,
    // one scale for both sides and all days, so that colours and widths can be compared
    full: { open: most("grid_open", 0.98), asked: Math.max(1, ...sides.map((s) => Math.max(...s.weeks.asked, ...s.weeks.answered))),
      wait: Math.max(10, most("dep_wait", 0.98)) } };
}

async function unpackSide(side, days) {
  const zipped = Uint8Array.from(atob(side.bytes), (c) => c.charCodeAt(0));
  const stream = new Blob([zipped]).stream().pipeThrough(new DecompressionStream("deflate"));
  const raw = new Uint8Array(await new Response(stream).arrayBuffer());
  const fields = Object.fromEntries(side.fields.map(([name, offset, count]) => [name, { offset, count }]));
  const width = raw.length / (days + 1), rows = new Uint8Array(raw.length);
  for (let place = 0; place < width; place += 1) {
    for (let day = 0, value = 0; day <= days; day += 1) {
      value = (value + raw[place * (days + 1) + day]) & 255;
      rows[day * width + place] = value;
    }
  }
  const made = { ...side, bytes: null, fields, width, rows, days };
  made.weeks = { asked: weekly(made, "asked"), answered: weekly(made, "answered") };
  return made;
}

function weekly(side, name) {
  const { offset, count } = side.fields[name], out = new Uint16Array((side.days + 1) * count);
  for (let day = 0; day <= side.days; day += 1) {
    for (let back = 0; back < WEEK && back < day; back += 1) {
      for (let i = 0; i < count; i += 1) out[day * count + i] += side.rows[(day - back) * side.width + offset + i];
    }
  }
  return out;
}

function topShare(side, name, share) {
  const { offset, count } = side.fields[name], seen = [];
  for (let day = 1; day <= side.days; day += 3) for (let i = 0; i < count; i += 1) seen.push(side.rows[day * side.width + offset + i]);
  return seen.sort((x, y) => x - y)[Math.floor((seen.length - 1) * share)] || 0;
}

export function value(side, name, i, t) {  // between two days, in a straight line
  const { offset } = side.fields[name], day = Math.min(Math.floor(t), side.days), part = t - day;
  const now = side.rows[day * side.width + offset + i];
  return part > 0 && day < side.days ? now + part * (side.rows[(day + 1) * side.width + offset + i] - now) : now;
}

export function week(side, name, i, t) {
  const list = side.weeks[name], count = side.fields[name].count, day = Math.min(Math.floor(t), side.days), part = t - day;
  const now = list[day * count + i];
  return part > 0 && day < side.days ? now + part * (list[(day + 1) * count + i] - now) : now;
}

// --- where everything stands ------------------------------------------------------------------------------------------

export function arrange(side, box) {
  const { x, w, h } = box, { streets, departments, cadres } = side, small = h < 330 ? 0.8 : 1;
  const top = { y: box.y, h: 13 }, fixed = top.h + 6 + 8 + 15 + 18 + 10, free = h - fixed;
  const bands = { pile: 0.13, body: 0.14, flow: 0.27, cadres: 0.28, grids: 0.18 };
  const g = { box, small, leaders: [], departments: [], streets: [], cadres: [], grids: [] };
  let y = box.y + top.h + 6;
  g.pile = { y, h: free * bands.pile }; y += g.pile.h + 2;
  g.body = { y, h: free * bands.body }; y += g.body.h + 8;
  g.flow = { y, h: free * bands.flow }; y += g.flow.h + 15;
  g.names = { y, h: 18 }; y += 18;
  g.clocks = { y, h: free * bands.cadres }; y += g.clocks.h + 8;
  g.homes = { y, h: free * bands.grids };
  const each = Math.min(150, w / 2 - 8);
  for (let i = 0; i < 2; i += 1) g.leaders.push({ kind: "leader", i, x: x + i * (each + 12), y: top.y, w: each, h: top.h });
  const step = w / departments;
  for (let i = 0; i < departments; i += 1) {
    g.departments.push({ kind: "department", i, x: x + i * step + step * 0.07, y: g.pile.y, w: step * 0.86, h: g.pile.h + 2 + g.body.h });
  }
  const bw = w / streets;
  let cadre = 0;
  for (let s = 0; s < streets; s += 1) {
    const left = x + s * bw + bw * 0.06, inner = bw * 0.88;
    g.streets.push({ i: s, x: x + s * bw, w: bw, mid: x + (s + 0.5) * bw });
    g.leaders.push({ kind: "leader", i: s + 2, x: left, y: g.names.y, w: inner, h: 16, street: s });
    const n = cadres[s], [cols, lines] = columns(n, inner, g.clocks.h), [cols2, lines2] = columns(n, inner, g.homes.h * 1.2);
    for (let k = 0; k < n; k += 1) {
      const cw = inner / cols, ch = g.clocks.h / lines, r = Math.min(cw, ch) / 2 * 0.92;
      const cx = left + (k % cols + 0.5) * cw, cy = g.clocks.y + (Math.floor(k / cols) + 0.5) * ch;
      g.cadres.push({ kind: "cadre", i: cadre + k, street: s, number: k, x: cx - r, y: cy - r, w: 2 * r, h: 2 * r, cx, cy, r });
      const qw = inner / cols2, qh = g.homes.h / lines2, gap = Math.min(1.2, qw * 0.12);
      g.grids.push({ kind: "grid", i: cadre + k, street: s, number: k, x: left + (k % cols2) * qw + gap / 2,
        y: g.homes.y + Math.floor(k / cols2) * qh + gap / 2, w: qw - gap, h: qh - gap });
    }
    cadre += n;
  }
  g.rows = [g.leaders.slice(0, 2), g.departments, g.leaders.slice(2), g.cadres, g.grids];
  return g;
}

function columns(n, w, h) {  // as large as may be, but rather without a ragged last line
  const near = Math.max(1, Math.ceil(Math.sqrt(n * w / h)));
  const tried = [near - 1, near, near + 1].filter((c) => c > 0).map((c) => {
    const lines = Math.ceil(n / c);
    return [Math.min(w / c, h / lines) * (n / (c * lines)) ** 2, c, lines];
  });
  return tried.sort((x, y) => y[0] - x[0])[0].slice(1);
}

export function under(g, x, y) {
  for (const row of g.rows) {
    for (const one of row) if (x >= one.x - 1 && x <= one.x + one.w + 1 && y >= one.y - 1 && y <= one.y + one.h + 1) return one;
  }
  return null;
}

// --- the picture ------------------------------------------------------------------------------------------------------

export function palette(element) {
  const style = getComputedStyle(element), get = (name) => style.getPropertyValue(`--cs-${name}`).trim();
  return Object.fromEntries(["paper", "sheet", "ink", "soft", "line", "a", "b", "residents", "residents-ink", "forms", "directives", "idle", "track", "need", "open"]
    .map((name) => [name, get(name)]).concat([["font", style.fontFamily], ["dark", document.documentElement.querySelector(".theme--dark") ? 1 : 0]]));
}

export function paint(ctx, year, which, g, t, c, words, more = {}) {
  const side = year.sides[which], tint = which ? c.b : c.a, other = year.sides[1 - which];
  ctx.textBaseline = "alphabetic";
  leaders(ctx, side, g, t, c, words);
  departments(ctx, year, side, g, t, c);
  arrows(ctx, year, side, g, t, c, tint);
  clocks(ctx, side, g, t, c);
  homes(ctx, year, side, g, t, c);
  if (more.ghost) shadow(ctx, year, other, g, t, which ? c.a : c.b);
  events(ctx, year, g, t, c, words);
  for (const one of more.marked || []) ring(ctx, one, one.strong ? c.ink : c.soft);
}

function leaders(ctx, side, g, t, c, words) {
  ctx.font = `11px ${c.font}`;
  for (const one of g.leaders) {
    const load = Math.min(1, value(side, "leader_load", one.i, t) / 99), top = one.i < 2;
    const y = top ? one.y + one.h - 4 : one.y + 15, label = top ? words[one.i ? "district" : "city"] : words.streets[one.street];
    const name = fitted(ctx, label, one.w, one.street);
    ctx.fillStyle = c.soft;
    ctx.textAlign = top ? "left" : "center";
    ctx.fillText(name, top ? one.x : one.x + one.w / 2, top ? one.y + 9 : one.y + 11);
    const from = top ? one.x + Math.min(one.w * 0.8, ctx.measureText(name).width + 7) : one.x + one.w * 0.2;
    const room = top ? one.x + one.w - from : one.w * 0.6, at = top ? one.y + 4 : y;
    ctx.fillStyle = c.track;
    ctx.fillRect(from, at, room, 3);
    ctx.fillStyle = c.ink;
    ctx.globalAlpha = 0.7;
    ctx.fillRect(from, at, room * load, 3);
    ctx.globalAlpha = 1;
  }
}

function fitted(ctx, text, room, number) {
  return ctx.measureText(text).width <= room || number === undefined ? text : String(number + 1);
}

function departments(ctx, year, side, g, t, c) {
  const { body, pile } = g, bottom = body.y + body.h, sheet = Math.max(2, Math.min(3.4, pile.h / 14));
  ctx.fillStyle = c.track;
  ctx.beginPath();
  for (const d of g.departments) rounded(ctx, d.x, body.y, d.w, body.h, 2);
  ctx.fill();
  ctx.fillStyle = c.ink;
  ctx.globalAlpha = 0.8;
  ctx.beginPath();
  for (const d of g.departments) {
    const h = body.h * Math.min(1, value(side, "dep_core", d.i, t) / 99);
    rounded(ctx, d.x, bottom - h, d.w, h, 2);
  }
  ctx.fill();
  ctx.globalAlpha = 1;
  ctx.fillStyle = c.forms;
  ctx.beginPath();
  for (const d of g.departments) {
    const h = pile.h * Math.min(1, value(side, "dep_wait", d.i, t) / year.full.wait), foot = body.y - 2;
    for (let y = 0; y + sheet * 0.35 < h; y += sheet) {
      const tall = Math.min(sheet * 0.66, h - y);
      ctx.rect(d.x + ((Math.round(y / sheet) * 7 + d.i) % 3) * 0.4 + 0.3, foot - y - tall, d.w - 1.4, tall);
    }
  }
  ctx.fill();
}

function arrows(ctx, year, side, g, t, c, tint) {
  const { flow } = g, top = flow.y, bottom = flow.y + flow.h;
  ctx.font = `600 11.5px ${c.font}`;
  ctx.textAlign = "center";
  for (const s of g.streets) {
    const most = s.w * 0.3, up = week(side, "asked", s.i, t), down = week(side, "answered", s.i, t);
    const ups = [s.mid - s.w * 0.2, most * up / year.full.asked], downs = [s.mid + s.w * 0.2, most * down / year.full.asked];
    ctx.globalAlpha = 0.88;
    ctx.fillStyle = tint;
    arrow(ctx, ups[0], bottom, top, ups[1]);
    ctx.fillStyle = c.residents;
    arrow(ctx, downs[0], top, bottom, downs[1]);
    ctx.globalAlpha = 1;
    ctx.fillStyle = tint;
    ctx.fillText(Math.round(up), ups[0], bottom + 12);
    ctx.fillStyle = c["residents-ink"];
    ctx.fillText(Math.round(down), downs[0], bottom + 12);
  }
}

function arrow(ctx, x, from, to, width) {
  if (width < 0.05) return;
  const w = Math.max(1, width), head = Math.min(12, Math.abs(to - from) * 0.2), way = Math.sign(to - from), wing = w / 2 + 4;
  ctx.beginPath();
  ctx.moveTo(x - w / 2, from);
  ctx.lineTo(x - w / 2, to - way * head);
  ctx.lineTo(x - wing, to - way * head);
  ctx.lineTo(x, to);
  ctx.lineTo(x + wing, to - way * head);
  ctx.lineTo(x + w / 2, to - way * head);
  ctx.lineTo(x + w / 2, from);
  ctx.closePath();
  ctx.fill();
}

const DAY = [["cadre_paper", "forms"], ["cadre_directives", "directives"], ["cadre_residents", "residents"]];

function clocks(ctx, side, g, t, c) {
  const round = g.cadres.length && g.cadres[0].r >= 2.2;
  ctx.fillStyle = c.idle;
  ctx.beginPath();
  for (const q of g.cadres) {
    if (round) { ctx.moveTo(q.cx + q.r, q.cy); ctx.arc(q.cx, q.cy, q.r, 0, 7); } else ctx.rect(q.x, q.y, q.w, q.h);
  }
  ctx.fill();
  const done = new Float32Array(g.cadres.length);
  for (const [name, colour] of DAY) {
    ctx.fillStyle = c[colour];
    ctx.beginPath();
    g.cadres.forEach((q, n) => {
      const share = Math.min(1 - done[n], value(side, name, q.i, t) / 100);
      if (share < 0.005) return;
      if (round) {
        const from = done[n] * 2 * Math.PI - Math.PI / 2;
        ctx.moveTo(q.cx, q.cy);
        ctx.arc(q.cx, q.cy, q.r, from, from + share * 2 * Math.PI);
        ctx.closePath();
      } else ctx.rect(q.x, q.y + q.h * (1 - done[n] - share), q.w, q.h * share);
      done[n] += share;
    });
    ctx.fill();
  }
}

function homes(ctx, year, side, g, t, c) {
  ctx.fillStyle = c.track;
  ctx.beginPath();
  for (const q of g.grids) ctx.rect(q.x, q.y, q.w, q.h);
  ctx.fill();
  const steps = Array.from({ length: 13 }, () => []);
  for (const q of g.grids) steps[Math.round(12 * Math.min(1, value(side, "grid_open", q.i, t) / year.full.open))].push(q);
  ctx.fillStyle = c.need;
  steps.forEach((list, k) => {
    if (!k || !list.length) return;
    ctx.globalAlpha = 0.1 + 0.9 * k / 12;
    ctx.beginPath();
    for (const q of list) ctx.rect(q.x, q.y, q.w, q.h);
    ctx.fill();
  });
  ctx.globalAlpha = 1;
}

function shadow(ctx, year, side, g, t, tint) {  // the other side, as outlines
  const { body, flow } = g;
  ctx.strokeStyle = tint;
  ctx.lineWidth = 1.6;
  ctx.beginPath();
  for (const d of g.departments) {
    const y = body.y + body.h * (1 - Math.min(1, value(side, "dep_core", d.i, t) / 99));
    ctx.moveTo(d.x - 1, y);
    ctx.lineTo(d.x + d.w + 1, y);
    const wait = body.y - 2 - g.pile.h * Math.min(1, value(side, "dep_wait", d.i, t) / year.full.wait);
    ctx.moveTo(d.x - 1, wait);
    ctx.lineTo(d.x + d.w + 1, wait);
  }
  ctx.stroke();
  ctx.setLineDash([3, 2]);
  for (const s of g.streets) {
    for (const [name, at] of [["asked", -0.2], ["answered", 0.2]]) {
      const w = Math.max(1, s.w * 0.3 * week(side, name, s.i, t) / year.full.asked);
      ctx.strokeRect(s.mid + s.w * at - w / 2, flow.y + 2, w, flow.h - 4);
    }
  }
  ctx.setLineDash([]);
  ctx.beginPath();
  for (const q of g.cadres) {
    if (q.r < 4) continue;
    const angle = 2 * Math.PI * Math.min(1, value(side, "cadre_paper", q.i, t) / 100) - Math.PI / 2;
    ctx.moveTo(q.cx, q.cy);
    ctx.lineTo(q.cx + q.r * Math.cos(angle), q.cy + q.r * Math.sin(angle));
  }
  ctx.stroke();
}

function events(ctx, year, g, t, c, words) {
  for (const [day, kind, street, domain] of year.events) {
    const age = t - day;
    if (age < 0 || age > KEPT) continue;
    ctx.globalAlpha = 1 - 0.75 * age / KEPT;
    ctx.strokeStyle = ctx.fillStyle = c.ink;
    ctx.lineWidth = 2.5;
    const s = g.streets[street], d = g.departments[domain], central = kind === "central_work";
    if (central && d) ctx.strokeRect(d.x - 3, g.pile.y - 3, d.w + 6, d.h + 6);
    else if (s) ctx.strokeRect(s.x + 2, g.names.y - 1, s.w - 4, g.homes.y + g.homes.h - g.names.y + 4);
    const box = central && d ? { x: d.x + d.w / 2, y: g.pile.y + 10 } : s && { x: s.mid, y: g.homes.y + g.homes.h - 2 };
    if (box) label(ctx, words.kinds[kind] || kind, box.x, box.y, g.box, c);
    ctx.globalAlpha = 1;
  }
}

function label(ctx, text, x, y, box, c) {
  ctx.font = `600 11px ${c.font}`;
  const w = ctx.measureText(text).width + 12, left = Math.max(box.x, Math.min(box.x + box.w - w, x - w / 2));
  ctx.fillStyle = c.ink;
  ctx.beginPath();
  rounded(ctx, left, y - 13, w, 17, 4);
  ctx.fill();
  ctx.fillStyle = c.paper;
  ctx.textAlign = "left";
  ctx.fillText(text, left + 6, y - 1);
}

function ring(ctx, one, colour) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = 2;
  ctx.beginPath();
  if (one.kind === "cadre" && one.r >= 2.2) ctx.arc(one.cx, one.cy, one.r + 2, 0, 7);
  else rounded(ctx, one.x - 2, one.y - 2, one.w + 4, one.h + 4, 3);
  ctx.stroke();
}

function rounded(ctx, x, y, w, h, r) {
  if (ctx.roundRect && h > 2 * r) ctx.roundRect(x, y, w, h, r); else ctx.rect(x, y, w, h);
}

// --- curves -----------------------------------------------------------------------------------------------------------

export function curves(ctx, curve, box, days, c, put) {  // all pairs and their means; what the cursor needs is given back
  const { x, y, w, h } = box, right = x + w - 46, left = x + 34, top = y + 6, bottom = y + h - 16;
  const across = (day) => left + (right - left) * day / days, span = curve.high - curve.low;
  const all = [curve.a, curve.b].map((rows) => rows.map((row) => row.map((v) => (v < 0 ? null : curve.low + span * v / 254))));
  const seen = all.flat(2).filter((v) => v !== null);
  if (!seen.length) return null;
  const [low, high, ticks] = axis(Math.min(...seen), Math.max(...seen));
  const up = (v) => bottom - (bottom - top) * (v - low) / (high - low);
  ctx.font = `11px ${c.font}`;
  ctx.lineWidth = 1;
  for (const tick of ticks) {
    ctx.strokeStyle = c.line;
    ctx.beginPath(); ctx.moveTo(left, up(tick)); ctx.lineTo(right, up(tick)); ctx.stroke();
    ctx.fillStyle = c.soft;
    ctx.textAlign = "right";
    ctx.fillText(put(tick), left - 5, up(tick) + 4);
  }
  const means = all.map((rows) => curve.day.map((_, k) => {
    const there = rows.map((row) => row[k]).filter((v) => v !== null && v !== undefined);
    return there.length ? there.reduce((p, q) => p + q, 0) / there.length : null;
  }));
  const line = (row) => {
    let pen = false;
    ctx.beginPath();
    row.forEach((v, k) => {
      if (v === null) { pen = false; return; }
      if (pen) ctx.lineTo(across(curve.day[k]), up(v)); else ctx.moveTo(across(curve.day[k]), up(v));
      pen = true;
    });
    ctx.stroke();
  };
  all.forEach((rows, which) => {
    ctx.strokeStyle = which ? c.b : c.a;
    ctx.lineWidth = 0.8;
    ctx.globalAlpha = Math.max(0.12, Math.min(0.5, 3 / rows.length));
    rows.forEach(line);
  });
  ctx.globalAlpha = 1;
  means.forEach((row, which) => { ctx.strokeStyle = which ? c.b : c.a; ctx.lineWidth = 2.4; line(row); });
  const ends = means.map((row) => [...row].reverse().find((v) => v !== null));
  let places = ends.map((v) => up(v) + 4);
  if (Math.abs(places[0] - places[1]) < 13) {
    const mid = (places[0] + places[1]) / 2, way = places[0] <= places[1] ? -1 : 1;
    places = [mid + way * 6.5, mid - way * 6.5];
  }
  ctx.font = `600 12px ${c.font}`;
  ctx.textAlign = "left";
  ends.forEach((v, which) => {
    if (v === undefined) return;
    ctx.fillStyle = which ? c.b : c.a;
    ctx.fillText(put(v), right + 6, places[which]);
  });
  return { across, up, top, bottom, means, day: curve.day };
}

export function cursor(ctx, at, t, c) {  // the day that is looked at
  const x = at.across(t);
  ctx.fillStyle = c.ink;
  ctx.fillRect(x - 0.75, at.top - 2, 1.5, at.bottom - at.top + 4);
  at.means.forEach((row, which) => {
    const k = at.day.findIndex((day) => day >= t), v = row[k < 0 ? row.length - 1 : k];
    if (v === null || v === undefined) return;
    ctx.beginPath(); ctx.arc(x, at.up(v), 3.4, 0, 7); ctx.fillStyle = which ? c.b : c.a; ctx.fill();
    ctx.lineWidth = 1.5; ctx.strokeStyle = c.paper; ctx.stroke();
  });
}

export function marks(ctx, events, box, days, c) {
  for (const [day] of events) {
    const x = box.x + 34 + (box.w - 80) * day / days, y = box.y + box.h - 14;
    ctx.fillStyle = c.ink;
    ctx.beginPath(); ctx.moveTo(x, y - 8); ctx.lineTo(x + 5, y); ctx.lineTo(x - 5, y); ctx.closePath(); ctx.fill();
  }
}

function axis(low, high) {
  const pad = Math.max(0.02, (high - low) * 0.06), rough = (high - low + 2 * pad) / 3;
  const power = 10 ** Math.floor(Math.log10(rough)), step = [1, 2, 2.5, 5, 10].map((k) => k * power).find((k) => k >= rough);
  const from = Math.floor((low - pad) / step) * step, to = Math.ceil((high + pad) / step) * step, ticks = [];
  const a = low >= 0 ? Math.max(0, from) : from, b = high <= 1 && low >= 0 ? Math.min(to, Math.max(1, high)) : to;
  for (let v = Math.ceil(a / step - 1e-9) * step; v <= b + 1e-9; v += step) ticks.push(Math.abs(v) < 1e-9 ? 0 : v);
  return [a, b, ticks];
}
