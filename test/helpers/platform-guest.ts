/** Checks of the web platform, as a guest. Each returns true, or what it saw. The names are those of tests. */
export const PLATFORM_GUEST = `
const fails = (name, call) => {
	try { call(); } catch (thrown) { return thrown.name === name || thrown.name; }
	return "no exception";
};
const same = (a, b) => a === b || JSON.stringify(a) + " instead of " + JSON.stringify(b);
const all = (...results) => results.find((result) => result !== true) ?? true;
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

const checks = {
	"TextEncoder and TextDecoder convert UTF-8, and refuse what is none if asked to": () => all(
		same([...new TextEncoder().encode("a€😀\\uD800")].join(), "97,226,130,172,240,159,152,128,239,191,189"),
		same(new TextDecoder().decode(new Uint8Array([0xEF, 0xBB, 0xBF, 104, 0xFF])), "h\\uFFFD"),
		same(new TextEncoder().encodeInto("€€", new Uint8Array(4)).written, 3),
		fails("TypeError", () => new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array([0xFF]))),
		fails("RangeError", () => new TextDecoder("no-such")),
	),
	"TextDecoder decodes a stream, UTF-16 and Windows-1252": () => {
		const decoder = new TextDecoder();
		const parts = decoder.decode(new Uint8Array([0xE2, 0x82]), { stream: true }) + decoder.decode(new Uint8Array([0xAC]));
		return all(
			same(parts, "€"),
			same(new TextDecoder("utf-16le").decode(new Uint8Array([0x61, 0, 0x3D, 0xD8, 0, 0xDE])), "a😀"),
			same(new TextDecoder("latin1").decode(new Uint8Array([0x80, 0xE9])), "€é"),
		);
	},
	"URLSearchParams reads, changes and writes": () => {
		const url = new URL("https://a.example/?q=x+y&q=2&z=%C3%BC");
		url.searchParams.append("new", "a&b");
		url.searchParams.delete("q", "2");
		return all(
			same(url.search, "?q=x+y&z=%C3%BC&new=a%26b"),
			same(url.searchParams.get("q"), "x y"),
			same(new URLSearchParams({ b: "1", a: "2" }).toString(), "b=1&a=2"),
			same([...new URLSearchParams("b=1&a=2&a=0").keys()].join(), "b,a,a"),
			fails("TypeError", () => new URL("nope")),
		);
	},
	"URL.canParse and URL.parse refuse without an exception": () =>
		all(same(URL.canParse("nope"), false), same(URL.canParse("x", "https://a.example"), true), same(URL.parse("nope"), null)),
	"structuredClone copies every kind of value, with identity and cycles": () => {
		const shared = { n: 1 };
		const value = {
			shared, again: shared, date: new Date(5), re: /a+/gi, map: new Map([[shared, new Set([1])]]), big: 1n, nothing: undefined,
			bytes: new Uint8Array([1, 2, 3]).subarray(1), view: new DataView(new ArrayBuffer(4), 2), boxed: Object("text"), minus: -0, nan: NaN,
			error: new RangeError("far", { cause: shared }), list: [1, , 3], ["__proto__"]: 4,
		};
		value.self = value;
		class Point { x = 1; get y() { return 2; } }
		value.point = new Point();
		const copy = structuredClone(value);
		return all(
			same(copy !== value && copy.self === copy && copy.shared === copy.again && copy.shared !== shared, true),
			same(copy.date.getTime(), 5), same(String(copy.re), "/a+/gi"), same(copy.map.get(copy.shared).has(1), true), same(copy.big === 1n, true),
			same("nothing" in copy, true), same(copy.bytes.join(), "2,3"), same(copy.bytes.buffer.byteLength, 3), same(copy.view.byteLength, 2),
			same(typeof copy.boxed, "object"), same(copy.boxed.valueOf(), "text"), same(Object.is(copy.minus, -0), true), same(Number.isNaN(copy.nan), true),
			same(copy.error instanceof RangeError && copy.error.message, "far"), same(copy.error.cause === copy.shared, true),
			same(1 in copy.list, false), same(copy.list.length, 3), same(Object.getPrototypeOf(copy.point) === Object.prototype, true), same(copy.point.x, 1),
		);
	},
	"structuredClone refuses functions, symbols and promises, and moves buffers": () => {
		const buffer = new ArrayBuffer(8);
		const moved = structuredClone({ buffer, view: new Uint8Array(buffer, 4) }, { transfer: [buffer] });
		return all(
			same(buffer.byteLength, 0), same(moved.buffer.byteLength, 8), same(moved.view.buffer === moved.buffer, true),
			...[() => {}, Symbol("s"), { f() {} }, new WeakMap(), Promise.resolve()].map((value) => fails("DataCloneError", () => structuredClone(value))),
			fails("DataCloneError", () => structuredClone(buffer)),
		);
	},
	"an event target calls its listeners in order, once if asked to, until they are removed": () => {
		const target = new EventTarget();
		const seen = [];
		const twice = () => seen.push("twice");
		target.addEventListener("x", twice);
		target.addEventListener("x", twice);
		target.addEventListener("x", { handleEvent(event) { seen.push(event.type + (this === undefined)); } }, { once: true });
		const controller = new AbortController();
		target.addEventListener("x", () => seen.push("signal"), { signal: controller.signal });
		const event = new Event("x", { cancelable: true });
		target.addEventListener("x", (it) => it.preventDefault(), { once: true });
		const first = target.dispatchEvent(event);
		controller.abort();
		const second = target.dispatchEvent(new CustomEvent("x", { detail: 1 }));
		target.removeEventListener("x", twice);
		target.dispatchEvent(new Event("x"));
		return all(same(seen.join(), "twice,xfalse,signal,twice"), same(first, false), same(second, true), same(event.defaultPrevented, true), same(event.target === target, true));
	},
	"a listener stops those after it": () => {
		const target = new EventTarget();
		const seen = [];
		target.addEventListener("x", () => seen.push("bubble"));
		target.addEventListener("x", (event) => { seen.push("capture"); event.stopImmediatePropagation(); }, true);
		target.dispatchEvent(new Event("x"));
		return same(seen.join(), "capture");
	},
	"an abort controller aborts its signal once, with a trusted event": () => {
		const { signal } = new AbortController();
		const controller = new AbortController();
		const seen = [];
		controller.signal.onabort = (event) => seen.push(event.isTrusted, event.target === controller.signal, event.bubbles);
		controller.abort("why");
		controller.abort("again");
		return all(
			same(seen.join(), "true,true,false"), same(controller.signal.reason, "why"), same(signal.aborted, false),
			fails("AbortError", () => AbortSignal.abort().throwIfAborted()), fails("TypeError", () => new AbortSignal()),
		);
	},
	"AbortSignal.any follows its sources, in the order of the sources' dependents": () => {
		const controller = new AbortController();
		const signals = [controller.signal, AbortSignal.any([controller.signal])];
		signals.push(AbortSignal.any([signals[1], new AbortController().signal]));
		let order = "";
		for (const [index, signal] of signals.entries()) signal.addEventListener("abort", () => { order += index; });
		controller.abort("reason");
		return all(same(order, "012"), same(signals[2].reason, "reason"), same(AbortSignal.any([]).aborted, false), same(AbortSignal.any([signals[0]]).aborted, true));
	},
	async "AbortSignal.timeout aborts after its time"() {
		const before = AbortSignal.timeout(60_000).aborted;
		const signal = AbortSignal.timeout(5);
		const any = AbortSignal.any([signal]);
		await new Promise((resolve) => signal.addEventListener("abort", resolve));
		return all(same(before, false), same(signal.reason.name, "TimeoutError"), same(any.aborted, true));
	},
	async "crypto.subtle.digest computes SHA-1, SHA-256, SHA-384 and SHA-512"() {
		const bytes = new TextEncoder().encode("abc");
		const digest = async (name) => hex(await crypto.subtle.digest(name, bytes)).slice(0, 16);
		const unknown = await crypto.subtle.digest("MD4", bytes).catch((thrown) => thrown.name);
		return all(
			same(await digest("SHA-1"), "a9993e364706816a"), same(await digest({ name: "sha-256" }), "ba7816bf8f01cfea"),
			same(await digest("SHA-384"), "cb00753f45a35e8b"), same(await digest("SHA-512"), "ddaf35a193617aba"), same(unknown, "NotSupportedError"),
		);
	},
	"crypto makes random values and UUIDs": () => {
		const a = crypto.getRandomValues(new Uint8Array(32));
		return all(
			same(a.some((byte) => byte !== 0), true),
			same(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID()), true),
			same(crypto.randomUUID() === crypto.randomUUID(), false),
			fails("TypeMismatchError", () => crypto.getRandomValues(new Float32Array(1))),
			fails("QuotaExceededError", () => crypto.getRandomValues(new Uint8Array(65537))),
		);
	},
	"performance.now counts milliseconds from near the start of the guest": () => {
		const first = performance.now();
		const second = performance.now();
		return all(same(first >= 0 && second >= first, true), same(Math.abs(performance.timeOrigin + second - Date.now()) < 60_000, true));
	},
	"btoa and atob convert, and refuse what has no form": () => all(
		same(btoa("h\\u00ff"), "aP8="), same(atob(" aGk= "), "hi"),
		fails("InvalidCharacterError", () => btoa("€")), fails("InvalidCharacterError", () => atob("a")),
	),
	"the global object has the platform's names": () => all(same(typeof globalThis.crypto, "object"), same(self === globalThis, true), same("structuredClone" in globalThis, true)),
};

export const run = async (input) => {
	if (input.startsWith("typeof ")) return input.slice(7).split(" ").map((name) => typeof globalThis[name]).join(" ");
	if (input === "random") return [Math.random(), Math.random(), crypto.randomUUID()].join();
	if (input === "console") {
		console.log("%s has %d of %i (%f) %o %j %c%%", "box", "4", 5.9, 1.5, { a: [1] }, { b: 2 }, "color: red", "rest", { n: { n: { n: { n: { n: 1 } } } } });
		console.log("%d without values", new Date(0), /x/g, Symbol("s"), class Point {}, function named() {}, new Error("bad").message);
		console.group("group");
		console.warn("inner\\nlines");
		console.groupEnd();
		console.table([{ a: 1, b: "x" }, { a: 22 }]);
		console.count(); console.count("c"); console.count(); console.countReset();  console.count();
		console.assert(1 === 1, "not shown"); console.assert(false, "shown %s", "x");
		console.time("t"); console.timeEnd("t"); console.timeEnd("t");
		console.dir({ deep: { er: 1 } }, { depth: 1 });
		console.trace("place");
		console.error(new Map([["k", new Set([1])]]), [undefined, null, -0, 1n, "q"], Object.create(null), [, 1], new Uint8Array(2));
		return "";
	}
	return JSON.stringify(await checks[input]());
};
export const names = Object.keys(checks);
`;

/** Names of the checks. */
export const PLATFORM_CHECKS: readonly string[] = [...PLATFORM_GUEST.matchAll(/^\t(?:async )?"(.+)"(?::|\()/gm)].map(
	([, name = ""]) => name,
);
