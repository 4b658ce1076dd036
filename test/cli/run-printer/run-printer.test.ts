import { test } from "uvu";
import * as assert from "uvu/assert";
import { createPrinter } from "../../../src/cli/run-printer/create-printer.ts";
import type { RunPrinter } from "../../../src/cli/run-printer/run-printer.ts";

const text = (content: string) => ({ type: "text", text: content }) as const;
const event = (name: string, data: unknown) => ({ type: "event", name, data }) as const;

function printed(printer: RunPrinter, outputs: Parameters<RunPrinter["emitted"]>[0][], answer: string): string {
	return outputs.map((output) => printer.emitted(output)).join("") + printer.answered(answer, { cpu_ms: 1 });
}

test("text is printed as it comes with control characters escaped, and the answer on a line of its own", () => {
	const outputs = [text("a\u001b[2J"), event("x", 1), text("b")];
	assert.is(printed(createPrinter({}, true), outputs, "answer"), "a\\x1b[2Jb\nanswer\n");
	assert.is(printed(createPrinter({}, true), [text("a\n")], "answer\n"), "a\nanswer\n");
});

test("an answer that is empty or equal to the text is not printed after the text", () => {
	assert.is(printed(createPrinter({}, true), [text("a"), text("b")], ""), "ab\n");
	assert.is(printed(createPrinter({}, true), [text("a"), text("b")], "ab"), "ab\n");
	assert.is(printed(createPrinter({}, true), [text("a"), text("b")], "ba"), "ab\nba\n");
	assert.is(printed(createPrinter({}, true), [event("x", 1)], ""), "\n");
});

test("nothing is added to the text of a core module", () => {
	assert.is(printed(createPrinter({}, false), [text("a")], ""), "a");
	const failing = createPrinter({}, false);
	assert.is(failing.emitted(text("a")) + failing.failed({}, {}), "a");
});

test("the message of a failure begins on a line of its own", () => {
	const printer = createPrinter({}, true);
	assert.is(printer.emitted(text("a")) + printer.failed({ code: "internal" }, {}), "a\n");
});

test("the JSON object has the output in order, with adjoining texts as one", () => {
	const outputs = [text("a"), text("b"), event("x", { n: [1] }), text("c")];
	assert.equal(JSON.parse(printed(createPrinter({ json: true }, true), outputs, "answer")), {
		ok: true,
		output: "answer",
		emitted: [text("ab"), event("x", { n: [1] }), text("c")],
		cpu_ms: 1,
	});
	assert.equal(JSON.parse(printed(createPrinter({ json: true }, true), [], "answer")), { ok: true, output: "answer", cpu_ms: 1 });
});

test("the JSON object of a failure has the output before the failure", () => {
	const printer = createPrinter({ json: true }, true);
	printer.emitted(text("a"));
	assert.equal(JSON.parse(printer.failed({ code: "internal" }, {})), { ok: false, error: { code: "internal" }, emitted: [text("a")] });
});

test("the JSON object holds 1 MiB of output, and the number of outputs beyond", () => {
	const printer = createPrinter({ json: true }, true);
	for (let index = 0; index < 2_000; index += 1) printer.emitted(text("x".repeat(1_000)));
	const { emitted, emitted_omitted } = JSON.parse(printer.answered("", {}));
	assert.is(emitted.length, 1);
	assert.is(emitted[0].text.length, 1_016_000);
	assert.is(emitted_omitted, 984);
});

test("JSON lines have each output as it comes, and the end", () => {
	const printer = createPrinter({ json: true, streamJson: true }, true);
	assert.is(printer.emitted(text("a\u009b")), '{"type":"text","text":"a\\u009b"}\n');
	assert.is(printer.emitted(event("x", null)), '{"type":"event","name":"x","data":null}\n');
	assert.is(printer.answered("answer", { cpu_ms: 1 }), '{"type":"end","ok":true,"output":"answer","cpu_ms":1}\n');
	assert.is(printer.failed({ code: "internal" }, {}), '{"type":"end","ok":false,"error":{"code":"internal"}}\n');
});

test.run();
