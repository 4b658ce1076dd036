import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkWords, NothingToCheck } from "../../scripts/check-words.ts";
import { checkText } from "../../scripts/words/check-text.ts";
import { ROOT } from "../helpers/guest.ts";

/** Findings in a docstring, as `rule: message`. */
function inDocstring(text: string, path = "src/x.ts"): string[] {
	return checkText(path, `/** ${text} */\n`).map(({ rule, message }) => `${rule}: ${message}`);
}

/** Findings in a document, as `line: rule: message`. */
function inMarkdown(text: string): string[] {
	return checkText("README.md", text).map(({ line, rule, message }) => `${line}: ${rule}: ${message}`);
}

function rulesOf(findings: readonly string[]): string[] {
	return findings.map((finding) => finding.split(":", 1)[0] ?? "");
}

const NAME_IT = 'opens a docstring; name the thing, or begin with a third-person verb such as "Returns"';

test("a docstring may open with a noun phrase or a third-person verb", () => {
	assert.equal(inDocstring("Returns the key. What follows is plain."), []);
	assert.equal(inDocstring("The key of a backend."), []);
	assert.equal(inDocstring("`undefined` without a key."), []);
	assert.equal(inDocstring("If the guest ends, its requests are cancelled."), []);
});

test("a docstring may not open with a question word or a pronoun", () => {
	assert.equal(inDocstring("What a key is for."), [`opening: "What" ${NAME_IT}`]);
	assert.equal(inDocstring("whether a key is valid."), [`opening: "whether" ${NAME_IT}`]);
	assert.equal(inDocstring("All that is known."), [`opening: "All that" ${NAME_IT}`]);
	for (const word of ["How", "Where", "Why", "Which", "Whose", "When", "One", "Those", "That", "It", "They", "Everything", "Something"]) {
		assert.equal(rulesOf(inDocstring(`**${word}** a key is kept.`)), ["opening"], word);
	}
});

test("a noun phrase that begins like a forbidden opening is allowed", () => {
	assert.equal(inDocstring("One of `read` and `write`."), []);
	assert.equal(inDocstring("One-shot request."), []);
	assert.equal(inDocstring("Whatsoever."), []);
});

test("a docstring opens with the standard verb", () => {
	assert.equal(inDocstring("Gives the key."), ['opening: "Gives" opens a docstring; write "Returns"']);
	assert.equal(inDocstring("Takes over the key."), ['opening: "Takes over" opens a docstring; write "Replaces" or "Adopts"']);
	for (const word of ["Tells", "Told", "Lets", "Goes", "Hands", "Says"]) {
		assert.equal(rulesOf(inDocstring(`${word} the key.`)), ["opening"], word);
	}
	assert.equal(inDocstring("Takes a key."), []);
});

test("a document may open with any word but a pronoun", () => {
	assert.equal(inMarkdown("# What this is\n\nWhat the router does is simple."), []);
});

test("a sentence may not open with a pronoun, in docstrings and documents", () => {
	assert.equal(inDocstring("Holds a lease. It is released once."), ['pronoun: "It" opens a sentence; repeat the noun']);
	assert.equal(inMarkdown("The router picks.\n\n- Text.\n  Those\n  wait. What is left waits."), [
		'4: pronoun: "Those" opens a sentence; repeat the noun',
		'5: pronoun: "What is" opens a sentence; repeat the noun',
	]);
	assert.equal(inDocstring("Holds a lease. The lease is released once: it has an end."), []);
});

test("a heading and a table cell may open with a pronoun", () => {
	assert.equal(inMarkdown("## What is new\n\n| It | Its |\n| --- | --- |"), []);
});

test("a sentence has at most 30 words", () => {
	const words = (count: number) => Array.from({ length: count }, (_, index) => `w${index}`).join(" ");
	assert.equal(inDocstring(`${words(30)}. ${words(30)}.`), []);
	assert.equal(inDocstring(`${words(30)} \`a code span of many words\`.`), [
		'length: "w0 w1 w2 w3 w4 …" has 31 words; split it, the limit is 30',
	]);
	assert.equal(inMarkdown(`- ${words(30)}\n- ${words(30)}\n\n| ${words(30)} | ${words(31)} |`), [
		'4: length: "w0 w1 w2 w3 w4 …" has 31 words; split it, the limit is 30',
	]);
});

test("persons do not stand for code", () => {
	assert.equal(inDocstring("A key that nobody\n * uses."), ['person: "nobody": write name the component: "no caller", "no backend"']);
	for (const word of ["No one", "somebody", "someone", "anybody", "anyone", "everybody", "everyone", "whoever", "affair"]) {
		assert.equal(rulesOf(inDocstring(`Keys: ${word} has them.`)), ["person"], word);
	}
	assert.equal(inDocstring("A key that no caller uses."), []);
});

test("verbs and adverbs are the standard ones", () => {
	assert.equal(inDocstring("Requests under\n * way."), ['verb: "under way": write "in flight"']);
	for (const phrase of [
		"goes by",
		"go by",
		"let go",
		"lets go",
		"gives up",
		"anew",
		"at a time",
		"beside one another",
		"those beside",
		"is told",
	]) {
		assert.equal(rulesOf(inDocstring(`Requests ${phrase} keys.`)), ["verb"], phrase);
	}
	assert.equal(inDocstring("Requests in flight are cancelled again, concurrently with their peers."), []);
});

test("a replaced verb is reported once when it opens a docstring", () => {
	assert.equal(inDocstring("Gives up the request."), ['verb: "Gives up": write "cancel" or "abandon"']);
	assert.equal(inDocstring("Told once, at the end."), ['verb: "Told once": write "notified"']);
});

test("concepts have their present names", () => {
	assert.equal(inDocstring("The fleet and its Waiting Room."), [
		'name: "fleet": write "backend set"',
		'name: "Waiting Room": write "pending queue"',
	]);
	for (const word of ["course", "placement", "outlook", "wishes", "blame", "ratio budget"]) {
		assert.equal(rulesOf(inDocstring(`The ${word} of requests.`)), ["name"], word);
	}
	assert.equal(inDocstring("Of course, the `Fleet` is discourse."), []);
});

test("a name that is an ordinary word elsewhere is reported where the concept is", () => {
	assert.equal(rulesOf(inDocstring("Bytes of a piece.", "src/media/x.ts")), ["name"]);
	assert.equal(inDocstring("Bytes of a piece.", "src/transport/x.ts"), []);
	assert.equal(rulesOf(inDocstring("A key at rest.", "src/router/x.ts")), ["name"]);
	assert.equal(inDocstring("All the rest.", "src/router/x.ts"), []);
});

/** Runs `use` in a directory that holds these files. */
function withTree<T>(files: Readonly<Record<string, string>>, use: (root: string) => T): T {
	const root = mkdtempSync(join(tmpdir(), "spear-words-"));
	try {
		for (const [path, text] of Object.entries(files)) {
			mkdirSync(dirname(join(root, path)), { recursive: true });
			writeFileSync(join(root, path), text);
		}
		return use(root);
	} finally {
		rmSync(root, { recursive: true, force: true });
	}
}

const FAULT = "/** What it is. */\n";

test("sources are read, tests and generated files are not", () => {
	const files = {
		"src/a/x.ts": FAULT,
		"src/a/README.md": "Nobody.",
		"codegen/x.hbs": FAULT,
		"codegen/schemas/x.json": '{ "description": "What it is." }',
		"scripts/x.ts": FAULT,
		"test/helpers/x.ts": FAULT,
		"wit/x.wit": "/// What it is.\n",
		"examples/a/README.md": "Nobody.",
		"README.md": "Nobody.",
		"test/x.test.ts": FAULT,
		"generated/x.ts": FAULT,
		"generated/docs/x.md": "Nobody.",
		"examples/a/build/x.md": "Nobody.",
		"examples/a/x.ts": FAULT,
		"src/a/x.json": '{ "description": "What it is." }',
	};
	assert.equal(
		withTree(files, (root) => checkWords(root).map(({ path, line }) => `${path}:${line}`)),
		[
			"README.md:1",
			"codegen/schemas/x.json:1",
			"codegen/x.hbs:1",
			"examples/a/README.md:1",
			"scripts/x.ts:1",
			"src/a/README.md:1",
			"src/a/x.ts:1",
			"test/helpers/x.ts:1",
			"wit/x.wit:1",
		],
	);
});

test("path arguments limit the check to files and folders", () => {
	withTree({ "src/a/x.ts": FAULT, "src/ab/x.ts": FAULT, "wit/x.wit": "/// What it is.\n" }, (root) => {
		const paths = (...wanted: string[]) => checkWords(root, wanted).map(({ path }) => path);
		assert.equal(paths("src/a/"), ["src/a/x.ts"]);
		assert.equal(paths("wit", "./src/ab/x.ts"), ["src/ab/x.ts", "wit/x.wit"]);
		assert.throws(
			() => checkWords(root, ["src/b"]),
			(thrown: unknown) => thrown instanceof NothingToCheck,
		);
	});
});

interface Ran {
	readonly status: number | null;
	readonly stdout: string;
}

function run(root: string, ...args: string[]): Ran {
	const { status, stdout } = spawnSync(process.execPath, [join(ROOT, "scripts/check-words.ts"), ...args], { cwd: root, encoding: "utf8" });
	return { status, stdout };
}

test("the command prints findings with a count and exits 1, or exits 0 without findings", () => {
	withTree({ "src/x.ts": "\n/** What is anew. */\n", "wit/x.wit": "/// A key.\n" }, (root) => {
		assert.equal(run(root), {
			status: 1,
			stdout: [
				`src/x.ts:2: opening: "What" ${NAME_IT}`,
				'src/x.ts:2: verb: "anew": write "again"',
				"2 findings; scripts/words.ts has the rules",
				"",
			].join("\n"),
		});
		assert.equal(run(root, "wit"), { status: 0, stdout: "the words are plain\n" });
	});
});

test("the command prints JSON, counts by folder and rule, and exits 2 for wrong arguments", () => {
	withTree({ "src/a/b/x.ts": "/** Keys anew. */\n/** Keys anew. */\n", "README.md": "Nobody." }, (root) => {
		const json = run(root, "--json", "src");
		assert.is(json.status, 1);
		assert.equal(JSON.parse(json.stdout), [
			{ path: "src/a/b/x.ts", line: 1, rule: "verb", message: '"anew": write "again"' },
			{ path: "src/a/b/x.ts", line: 2, rule: "verb", message: '"anew": write "again"' },
		]);
		assert.equal(run(root, "--summary").stdout.split("\n"), [
			"folder     opening  pronoun  length  person  verb  name  all",
			"src/a            0        0       0       0     2     0    2",
			"README.md        0        0       0       1     0     0    1",
			"all              0        0       0       1     2     0    3",
			"",
		]);
		assert.is(run(root, "--unknown").status, 2);
		assert.is(run(root, "nowhere").status, 2);
	});
});

test("the check keeps its own rules", () => {
	assert.equal(checkWords(ROOT, ["scripts/check-words.ts", "scripts/words.ts", "scripts/words"]), []);
});

test.run();
