/** Guests of two public packages, built and run against the generated bindings and by the official tool, with the same host. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ComponentError } from "../../../src/component.ts";
import { bindingsOf, buildQuickJs, witDirectory } from "../../helpers/general-targets.ts";
import { ROOT } from "../../helpers/guest.ts";
import { implementation } from "../../helpers/host-implementation.ts";
import { instantiateByJco } from "../../helpers/transpiled.ts";
import { layOutCorpus } from "../../helpers/wit-corpus.ts";

const test = suite("guests of public packages");
const corpus = await layOutCorpus(ROOT);
test.after(() => corpus.dispose());

interface Probe {
	probe(text: string): string | Promise<string>;
}

async function compare(
	origin: RegExp,
	wit: string,
	guest: string,
	own: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): Promise<string> {
	const found = corpus.packages.find((each) => origin.test(each.origin));
	if (found === undefined) throw new Error(`no package ${origin}`);
	const directory = witDirectory(wit, found.directory);
	const [bindings, component] = await Promise.all([bindingsOf<Probe>(directory, "probe"), buildQuickJs(directory, "probe", guest)]);
	const imports = Object.fromEntries(Object.entries(own).map(([name, members]) => [name, implementation(bindings, name, members)]));
	const official = await instantiateByJco<Probe>(component, imports);
	using ours = await bindings.instantiate(component, imports);
	const answer = await ours.probe("näil");
	assert.is(answer, await official.probe("näil"));
	return answer;
}

test("jco:node, a database: records of records, variants, lists of tuples, errors with a payload", async () => {
	const rows: unknown[] = [];
	const options: unknown[] = [];
	const fault = { name: "Error", message: "near", code: "ERR_SQLITE_ERROR", errcode: 1, errstr: undefined };
	class Statement {
		all(bindings: { positional: unknown[]; named?: unknown }): unknown[] {
			rows.push(bindings);
			return [
				{
					tag: "object",
					val: [
						["a", { tag: "bigint", val: 2n ** 50n }],
						["b", { tag: "blob", val: new Uint8Array([0, 9]) }],
					],
				},
				{ tag: "array", val: [{ tag: "null" }, { tag: "number", val: 0.25 }, { tag: "text", val: "é" }, ...bindings.positional] },
			];
		}
	}
	class Database {
		prepare(sql: string): Statement {
			if (sql === "bad") throw new ComponentError(fault);
			return new Statement();
		}
		location(name: string | undefined): string | undefined {
			return name;
		}
		getLimit(name: string): number {
			return name.length;
		}
	}
	const answer = await compare(
		/jco-std\/wit\/node/,
		"package test:probe;\nworld probe { import jco:node/sqlite@0.1.0; export probe: func(text: string) -> string; }\n",
		`import { openDatabase } from "jco:node/sqlite@0.1.0";
const OPTIONS = { statement: { readBigInts: true }, limits: [["column", 2], ["attach", 0.5]], timeout: 1.5, open: false };
export function probe(text) {
	const db = openDatabase({ tag: "bytes", val: new Uint8Array([1, 2]) }, OPTIONS);
	const out = [db.location(text), db.location(null), db.getLimit("like-pattern-length")];
	const rows = db.prepare("good", {}).all({ named: [["x", { tag: "null" }]], positional: [{ tag: "text", val: text }, { tag: "number", val: 3 }] });
	try { db.prepare("bad", {}); } catch (error) { out.push(error.payload); }
	return JSON.stringify([out, rows], (_, value) => (value instanceof Uint8Array ? [...value] : value));
}`,
		{
			"jco:node/sqlite": {
				Database,
				Statement,
				openDatabase(path: unknown, given: unknown): Database {
					options.push([path, given]);
					return new Database();
				},
			},
		},
	);
	const [out, [first, second]] = JSON.parse(answer);
	assert.equal(out.slice(0, 3), ["näil", null, 19]);
	assert.is(out[3].errcode, 1);
	assert.equal(first.val[0], ["a", { tag: "bigint", val: 2 ** 50 }]);
	assert.equal(second.val[3], { tag: "text", val: "näil" });
	const [ours, official] = options;
	assert.equal(ours, official);
	assert.equal(rows[0], rows[1]);
});

test("wasi:cli with clocks and random numbers: a host may take the place of the engine's WASI", async () => {
	const answer = await compare(
		/builtin\/0\.2\.12\/wasi-cli/,
		`package test:probe;
world probe {
	import wasi:cli/environment@0.2.12;
	import wasi:clocks/wall-clock@0.2.12;
	import wasi:random/random@0.2.12;
	import wasi:random/insecure-seed@0.2.12;
	export probe: func(text: string) -> string;
}
`,
		`import { getEnvironment, getArguments, initialCwd } from "wasi:cli/environment@0.2.12";
import { now } from "wasi:clocks/wall-clock@0.2.12";
import { getRandomBytes, getRandomU64 } from "wasi:random/random@0.2.12";
import { insecureSeed } from "wasi:random/insecure-seed@0.2.12";
export function probe(text) {
	return JSON.stringify([getEnvironment(), getArguments(), initialCwd(), now(), [...getRandomBytes(3)], getRandomU64(), insecureSeed(), text]);
}`,
		{
			"wasi:cli/environment": {
				getEnvironment: () => [["HOME", "/näil"]],
				getArguments: () => ["one", "two"],
				initialCwd: () => undefined,
			},
			"wasi:clocks/wall-clock": {
				now: () => ({ seconds: 1_700_000_000n, nanoseconds: 5 }),
				resolution: () => ({ seconds: 1n, nanoseconds: 0 }),
			},
			"wasi:random/random": { getRandomBytes: (count: bigint) => new Uint8Array(Number(count)).fill(9), getRandomU64: () => 2n ** 40n },
			"wasi:random/insecure-seed": { insecureSeed: () => [1n, 2n] },
		},
	);
	const expected = [
		[["HOME", "/näil"]],
		["one", "two"],
		null,
		{ seconds: 1_700_000_000, nanoseconds: 5 },
		[9, 9, 9],
		2 ** 40,
		[1, 2],
		"näil",
	];
	assert.equal(JSON.parse(answer), expected);
});

test.run();
