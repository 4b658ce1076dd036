import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Agent, createHost, type Host } from "../../src/index.ts";
import { buildTestGuest } from "../helpers/guest.ts";

const GUEST = `
import { jsonAgent } from "spear-hostcall/guest";

const schemas = {
	input: { type: "object", properties: { words: { type: "array", items: { type: "string" } }, wrong: { type: "boolean" } }, required: ["words"] },
	output: { type: "object", properties: { count: { type: "integer" } }, required: ["count"] },
};

export const run = jsonAgent(schemas, ({ words, wrong }) => {
	if (wrong) return { count: "many" };
	return words.length === 0 ? Promise.resolve({ count: 0 }) : { count: words.length };
});
`;

interface Context {
	host: Host;
	agent: Agent;
}

for (const engine of ["quickjs", "starlingmonkey"] as const) {
	const test = suite<Context>(`JSON of a guest in ${engine}`);

	test.before(async (context) => {
		context.host = await createHost({ config: { host: { log_level: "silent" } }, env: {} });
		context.agent = await context.host.load((await buildTestGuest(GUEST, { engine })).prepared);
	});

	test.after(({ host }) => host.close());

	test("a value goes in and comes out, at once and by a promise", async ({ agent }) => {
		assert.equal(await agent.runJson({ words: ["a", "b"] }).json(), { count: 2 });
		assert.equal(await agent.runJson({ words: [] }).json(), { count: 0 });
	});

	for (const [what, input, message] of [
		["is no JSON", "words", /^SchemaError: the input is no JSON: /],
		[
			"its schema refuses",
			'{"words":[1,"a",2]}',
			/^SchemaError: input: words\[?\.?0\]?: it must be of type string; input: words\[?\.?2\]?: /,
		],
		["lacks a member", "{}", /^SchemaError: input: .*words/],
	] as const)
		test(`input that ${what} fails the run with its faults`, async ({ agent }) => {
			const fault = await agent.run(input).catch((thrown: Error) => thrown.message);
			assert.match(fault, message);
		});

	test("an answer that its schema refuses fails the run", async ({ agent }) => {
		const fault = await agent.runJson({ words: [], wrong: true }).catch((thrown: Error) => thrown.message);
		assert.match(fault, /^SchemaError: answer: count: it must be of type integer/);
	});

	test.run();
}
