import { test } from "uvu";
import * as assert from "uvu/assert";
import { endsWith, type GuestText, runBeside } from "../../helpers/hostile-guest.ts";

/** Stores bytes at address 256. */
const bytes = (...values: readonly number[]): string =>
	values.map((value, index) => `(i32.store8 (i32.const ${256 + index}) (i32.const ${value}))`).join(" ");

const text = (...values: readonly number[]): GuestText => ({
	calls: ["text"],
	run: `${bytes(...values)} (call $text (i32.const 256) (i32.const ${values.length}))`,
});

const inText = (values: readonly number[]): string => `test:host/api.text: a string of ${values.length} bytes at address 256 is not UTF-8`;

/** Bytes that are not UTF-8. Each is tried alone, and behind 40 letters: short and long strings have decoders of their own. */
const NOT_UTF8: readonly (readonly [name: string, values: readonly number[]])[] = [
	["a lone continuation byte", [0x80]],
	["an overlong slash of two bytes", [0xc0, 0xaf]],
	["an overlong zero", [0xc0, 0x80]],
	["an overlong slash of three bytes", [0xe0, 0x80, 0xaf]],
	["an overlong slash of four bytes", [0xf0, 0x80, 0x80, 0xaf]],
	["the first half of a surrogate pair", [0xed, 0xa0, 0x80]],
	["a whole surrogate pair", [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]],
	["a code point above U+10FFFF", [0xf4, 0x90, 0x80, 0x80]],
	["a form of five bytes", [0xf8, 0x88, 0x80, 0x80, 0x80]],
	["a form of six bytes", [0xfc, 0x84, 0x80, 0x80, 0x80, 0x80]],
	["two bytes that are cut", [0x61, 0xc3]],
	["three bytes that are cut", [0x61, 0xe2, 0x82]],
	["four bytes that are cut", [0xf0, 0x9f, 0x98]],
	["a byte 0xff", [0xff]],
	["a continuation that is a letter", [0xe2, 0x82, 0x61]],
];

for (const [name, values] of NOT_UTF8) {
	const long = [...Array<number>(40).fill(0x61), ...values];
	test(`a guest ends when a string holds ${name}`, async () => {
		await endsWith(text(...values), inText(values));
		await endsWith(text(...long), inText(long));
	});
}

test("a byte order mark and noncharacters are characters", async () => {
	const { outcome, host } = await runBeside(text(0xef, 0xbb, 0xbf, 0x61, 0xef, 0xbf, 0xbf, 0));
	assert.equal(outcome, { ok: "ok" });
	assert.equal(host.received, [["text", "\ufeffa\uffff\0"]]);
});

const CASES: readonly (readonly [name: string, text: GuestText, message: string])[] = [
	[
		"an enum is its number of cases",
		{ calls: ["pick"], run: "(call $pick (i32.const 3))" },
		"test:host/api.pick: 3 stands for none of 3 cases",
	],
	[
		"an enum is 256 more than a case",
		{ calls: ["pick"], run: "(call $pick (i32.const 256))" },
		"test:host/api.pick: 256 stands for none of 3 cases",
	],
	[
		"an enum is 2^32-1",
		{ calls: ["pick"], run: "(call $pick (i32.const -1))" },
		"test:host/api.pick: 4294967295 stands for none of 3 cases",
	],
	[
		"an enum in memory is out of range",
		{ calls: ["picks"], run: `${bytes(0, 1, 255)} (call $picks (i32.const 256) (i32.const 3))` },
		"test:host/api.picks: 255 stands for none of 3 cases",
	],
	[
		"an enum of 300 cases is 300",
		{ calls: ["pick-wide"], run: "(call $pick-wide (i32.const 300))" },
		"test:host/api.pick-wide: 300 stands for none of 300 cases",
	],
	[
		"an enum of two bytes in memory is out of range",
		{ calls: ["pick-wides"], run: `${bytes(1, 1, 44, 1)} (call $pick-wides (i32.const 256) (i32.const 2))` },
		"test:host/api.pick-wides: 300 stands for none of 300 cases",
	],
	[
		"a variant is out of range",
		{ calls: ["draw"], run: "(call $draw (i32.const 3) (i64.const 0))" },
		"test:host/api.draw: 3 stands for none of 3 cases",
	],
	[
		"a variant is -2",
		{ calls: ["draw"], run: "(call $draw (i32.const -2) (i64.const 0))" },
		"test:host/api.draw: 4294967294 stands for none of 3 cases",
	],
	[
		"a variant in memory is out of range",
		{ calls: ["draws"], run: `${bytes(9)} (call $draws (i32.const 256) (i32.const 1))` },
		"test:host/api.draws: 9 stands for none of 3 cases",
	],
	[
		"an option is 2",
		{ calls: ["maybe"], run: "(call $maybe (i32.const 2) (i32.const 0))" },
		"test:host/api.maybe: 2 stands for none of 2 cases",
	],
	[
		"an option in memory is 255",
		{ calls: ["maybes"], run: `${bytes(0, 0, 255)} (call $maybes (i32.const 256) (i32.const 2))` },
		"test:host/api.maybes: 255 stands for none of 2 cases",
	],
	[
		"a result is 2",
		{ calls: ["report"], run: "(call $report (i32.const 2) (i32.const 0) (i32.const 0))" },
		"test:host/api.report: 2 stands for none of 2 cases",
	],
	[
		"a result in memory is 128",
		{ calls: ["reports"], run: `${bytes(128)} (call $reports (i32.const 256) (i32.const 1))` },
		"test:host/api.reports: 128 stands for none of 2 cases",
	],
	[
		"a character is a surrogate",
		{ calls: ["letter"], run: "(call $letter (i32.const 0xd800))" },
		"test:host/api.letter: 55296 is no character",
	],
	[
		"a character is the last surrogate",
		{ calls: ["letter"], run: "(call $letter (i32.const 0xdfff))" },
		"test:host/api.letter: 57343 is no character",
	],
	[
		"a character is above U+10FFFF",
		{ calls: ["letter"], run: "(call $letter (i32.const 0x110000))" },
		"test:host/api.letter: 1114112 is no character",
	],
	[
		"a character is 2^32-1",
		{ calls: ["letter"], run: "(call $letter (i32.const -1))" },
		"test:host/api.letter: 4294967295 is no character",
	],
	[
		"a character in memory is a surrogate",
		{ calls: ["letters"], run: `${bytes(0x61, 0, 0, 0, 0, 0xdc, 0, 0)} (call $letters (i32.const 256) (i32.const 2))` },
		"test:host/api.letters: 56320 is no character",
	],
];

for (const [name, guest, message] of CASES) test(`a guest ends when ${name}`, async () => void (await endsWith(guest, message)));

/** Values with bits that mean nothing. The canonical ABI accepts them. */
test("flags with further bits and booleans above 1 are accepted, and mean what the ABI says", async () => {
	const { outcome, host } = await runBeside({
		calls: ["allow", "allows", "truth", "truths"],
		run: `(if (i32.ne (call $allow (i32.const 0xfffffffd)) (i32.const 2)) (then unreachable))
			(if (i32.ne (call $truth (i32.const 2)) (i32.const 1)) (then unreachable))
			(if (i32.ne (call $truth (i32.const 256)) (i32.const 1)) (then unreachable))
			${bytes(0, 1, 2, 255)}
			(if (i32.ne (call $truths (i32.const 256) (i32.const 4)) (i32.const 3)) (then unreachable))
			(drop (call $allows (i32.const 256) (i32.const 4)))`,
	});
	assert.equal(outcome, { ok: "ok" });
	const none = { read: false, write: false, run: false };
	const all = { read: true, write: true, run: true };
	assert.equal(host.received, [
		["allow", { ...all, write: false }],
		["truth", true],
		["truth", true],
		["truths", [false, true, true, true]],
		["allows", [none, { ...none, read: true }, { ...none, write: true }, all]],
	]);
});

test("the limits of characters and cases are accepted", async () => {
	const { outcome, host } = await runBeside({
		calls: ["letter", "pick-wide", "draw"],
		run: `(call $letter (i32.const 0)) (call $letter (i32.const 0xd7ff)) (call $letter (i32.const 0xe000)) (call $letter (i32.const 0x10ffff))
			(call $pick-wide (i32.const 299)) (call $draw (i32.const 0) (i64.const 0xffffffff3fc00000)) (call $draw (i32.const 2) (i64.const -1))`,
	});
	assert.equal(outcome, { ok: "ok" });
	assert.equal(host.received, [
		["letter", "\0"],
		["letter", "\ud7ff"],
		["letter", "\ue000"],
		["letter", "\u{10ffff}"],
		["pick-wide", "w299"],
		["draw", { tag: "circle", val: 1.5 }],
		["draw", { tag: "nothing" }],
	]);
});

test.run();
