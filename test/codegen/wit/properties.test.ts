/** Properties of the reader that hold for any WIT, valid or not. */
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readWitText } from "../../../codegen/wit/read.ts";
import { scan } from "../../../codegen/wit/scan.ts";
import { describePackage, describeWorld, findWorld } from "../../helpers/wit-describe.ts";
import { askOracle } from "../../helpers/wit-oracle.ts";
import { printModel } from "../../helpers/wit-print.ts";
import { randomPackage } from "../../helpers/wit-random.ts";
import { modelOf } from "../../helpers/wit-text.ts";

const test = suite("wit properties");
const SEED = 20_261_122;

const validPackage = fc.gen().map(randomPackage);

test("printing a model and reading it again gives the same model", () => {
	fc.assert(
		fc.property(validPackage, (text) => {
			const model = modelOf(text);
			const printed = printModel(model);
			const again = modelOf(printed);
			assert.is(printModel(again), printed);
			// What is implied is left out: a model does not tell by which detour a type came to be used.
			assert.equal(describePackage(again.main), describePackage(model.main));
		}),
		{ seed: SEED, numRuns: 150, interruptAfterTimeLimit: 20_000 },
	);
});

test("random packages are read as the official parser reads them", async () => {
	const texts = fc.sample(validPackage, { seed: SEED, numRuns: 150 });
	const answers = await askOracle(texts.map((text) => ({ text, world: "w" })));
	let facts = 0;
	for (const [index, text] of texts.entries()) {
		const answer = answers[index];
		assert.is(answer?.kind, "accepted", `${JSON.stringify(answer)}\n${text}`);
		if (answer?.kind === "accepted") {
			const ours = describeWorld(findWorld(modelOf(text), "w"));
			const theirs = modelOf(answer.files.map(([, content]) => content).join("\n"));
			assert.equal(ours, describeWorld(findWorld(theirs, "w")), text);
			facts += ours.length;
		}
	}
	console.log(`${texts.length} random packages compared, ${facts} facts`);
});

test("whatever is done to the text, faults have a place in it, and there is a model or a fault", () => {
	const damage = fc.tuple(
		validPackage,
		fc.nat(),
		fc.constantFrom("", ";", "}", "{", "<", "/*", "interface", "%", "@since(", "\u0000", '"'),
	);
	fc.assert(
		fc.property(damage, ([text, where, what]) => {
			const { tokens } = scan(text);
			const token = tokens[where % tokens.length];
			assert.ok(token);
			const damaged = text.slice(0, token.start) + what + text.slice(token.end);
			const { model, diagnostics } = readWitText(damaged);
			assert.ok(model !== undefined || diagnostics.some((each) => each.severity === "error"), damaged);
			for (const { span } of diagnostics) {
				assert.ok(span.offset >= 0 && span.offset <= span.endOffset && span.endOffset <= damaged.length, damaged);
				assert.is(damaged.slice(0, span.offset).split("\n").length, span.line, damaged);
			}
		}),
		{ seed: SEED, numRuns: 200, interruptAfterTimeLimit: 20_000 },
	);
});

test("any text at all is read without a crash", () => {
	const pieces = fc.constantFrom(
		"package a:b;",
		"interface",
		"i",
		"{",
		"}",
		";",
		":",
		"func",
		"(",
		")",
		"->",
		"use",
		".",
		"//",
		"/*",
		"///",
		"\n",
		"@",
		"%",
		'"',
		"\ud800",
	);
	fc.assert(
		fc.property(fc.array(pieces), (words) => {
			const { model, diagnostics } = readWitText(words.join(" "));
			assert.ok(model !== undefined || diagnostics.length > 0);
		}),
		{ seed: SEED, numRuns: 300, interruptAfterTimeLimit: 20_000 },
	);
});

test.run();
