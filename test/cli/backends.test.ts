import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { scratch } from "../helpers/guest.ts";
import { spearHere } from "../helpers/spear.ts";

const test = suite("spear backends");

async function listed(config: string, ...options: string[]): Promise<string> {
	const path = join(scratch(), "backends.toml");
	await writeFile(path, config);
	const { code, stdout, stderr } = await spearHere(["backends", "-q", "-c", path, ...options]);
	assert.equal([code, stderr], [0, ""]);
	return stdout;
}

/** Returns the models that a list shows under an operation. */
function modelsOf(text: string, operation: string): string {
	return new RegExp(`^  ${operation}: [^\\n]*\\n    models    ([^\\n]*(?:\\n {14}[^\\n]*)*)`, "m").exec(text)?.[1] ?? "";
}

const OPENAI = `[backends.openai]
kind = "openai-compatible"
base_url = "http://127.0.0.1:1/v1"
api_key_env = "NO_SUCH_KEY_SET"
`;

test("no line is longer than 80 characters", async () => {
	const models = Array.from({ length: 12 }, (_, index) => `"a-model-with-a-long-name-${index}"`).join(", ");
	const text = await listed(`${OPENAI}models = [${models}]\n[backends.stub]\nkind = "stub"\n`);
	const [, ...lines] = text.split("\n");
	assert.equal(
		lines.filter((line) => line.length > 80),
		[],
	);
	assert.match(text, "a-model-with-a-long-name-11");
});

test("models are listed under the operations that their names tell, with a warning", async () => {
	const text = await listed(`${OPENAI}models = ["gpt-4o", "text-embedding-3-small", "gpt-image-1", "mine"]\n`);
	assert.is(modelsOf(text, "chat_completions"), "gpt-4o, mine");
	assert.is(modelsOf(text, "embeddings"), "text-embedding-3-small, mine");
	assert.is(modelsOf(text, "image_generation"), "gpt-image-1, mine");
	assert.match(
		text.replaceAll(/\s+/g, " "),
		"warning: the operations of gpt-4o, text-embedding-3-small, gpt-image-1 follow from the names;",
	);
	assert.match(
		text.replaceAll(/\s+/g, " "),
		"warning: mine may receive requests of every operation, because the name tells none; write operations = [...] in the model's entry",
	);
});

test("a model whose name tells no operation is no surprise where the backend has one operation, or names are patterns", async () => {
	assert.not.match(await listed(`${OPENAI}operations = ["chat_completions"]\nmodels = ["mine"]\n`), "warning");
	assert.not.match(await listed(`${OPENAI}models = ["team-*"]\n`), "warning");
});

test("what the configuration states is no guess", async () => {
	const text = await listed(`${OPENAI}models = [{ name = "gpt-4o", operations = ["chat_completions", "embeddings"] }]\n`);
	assert.equal([modelsOf(text, "chat_completions"), modelsOf(text, "embeddings")], ["gpt-4o", "gpt-4o"]);
	assert.not.match(text, "warning");
	assert.match(text, "  image_generation: whole, no model\n");
	const restricted = await listed(`${OPENAI}operations = ["embeddings"]\nmodels = ["gpt-4o"]\n`);
	assert.is(modelsOf(restricted, "embeddings"), "gpt-4o");
	assert.not.match(restricted, "warning");
});

test("the name of the upstream counts, and models of other kinds serve all operations of their backend", async () => {
	const text = await listed(
		`${OPENAI}models = [{ name = "large", upstream = "gpt-4o" }]\n[backends.own]\nkind = "stub"\nmodels = ["gpt-4o"]\n`,
	);
	const [openai = "", own = ""] = text.split("\nown  ");
	assert.equal([modelsOf(openai, "chat_completions"), modelsOf(openai, "embeddings")], ["large", ""]);
	assert.match(openai, "  embeddings: whole, no model\n");
	assert.is(modelsOf(own, "embeddings"), "gpt-4o");
});

test("a request for a model finds no backend where the name tells another operation", async () => {
	const path = join(scratch(), "explained.toml");
	await writeFile(path, OPENAI.replace('api_key_env = "NO_SUCH_KEY_SET"\n', 'models = ["gpt-4o", "gpt-image-1"]\n'));
	const explain = (model: string) => spearHere(["explain", "-c", path, "--operation", "image_generation", "--model", model]);
	assert.equal([(await explain("gpt-4o")).code, (await explain("gpt-image-1")).code], [1, 0]);
	await writeFile(
		path,
		OPENAI.replace('api_key_env = "NO_SUCH_KEY_SET"\n', 'models = [{ name = "mine", operations = ["chat_completions"] }]\n'),
	);
	assert.is((await explain("mine")).code, 1);
	const { code, stdout } = await explain("another");
	assert.is(code, 1);
	assert.match(stdout, "rejected openai: operation (image_generation)");
});

test.run();
