/**
 * `npm start`: the whole path in one go, without a key.
 *
 *     npm start                    checks generated/, fetches the models of speech and embeddings once, and runs the examples on them
 *     npm start -- --chat          also fetches a small language model and its engine, and runs the parts store on it
 *     npm start -- --offline       fetches nothing; also SPEAR_START_OFFLINE=1
 *     npm start -- "a question"    asks the chat example this
 *
 * The embedded stub answers what the models on this machine cannot serve, and says so. Without a network, the exit code is 0 too.
 */
import "./require-node.ts";
import process from "node:process";
import { parseArgs } from "node:util";
import { ModelStore } from "../src/model-store/model-store.ts";
import { hasChatModel, obtainChatModel, useEngines } from "./start/chat-model.ts";
import { obtainModels } from "./start/obtain-models.ts";
import { step, title } from "./start/steps.ts";

/** The stub is no model: told to `call` a tool with some JSON, it does, and then repeats what the tool answered. */
const STUB_QUESTION = 'Is M6-20 in stock? call inventory {"sku": "M6-20"}';

const ON_MODELS = "on the models of this machine: no key, no network";
const ON_BOTH = "on the backends above: for some operations the stub, whose answers are made up";
const ON_STUB = "on the embedded stub, whose answers are made up: no model, no key, no network";

const { values: flags, positionals } = parseArgs({
	options: { chat: { type: "boolean", default: false }, offline: { type: "boolean", default: process.env.SPEAR_START_OFFLINE === "1" } },
	allowPositionals: true,
});

/** Compiles an example for a world, and runs it with its own configuration. */
function example(name: string, world: string, input: string, on: string): void {
	const folder = `examples/${name}`;
	const component = `${folder}/build/${name}.wasm`;
	const build = ["src/cli/main.ts", "build", `${folder}/${name}.ts`, "-o", component, "--world", world];
	step(`Compile ${folder}/${name}.ts to a WebAssembly component`, build);
	step(`Run it ${on}`, ["src/cli/main.ts", "run", component, "--config", `${folder}/spear.toml`, "--transcript", "--input", input]);
}

/** Opens the store of models. A place that cannot be used ends the run with one line. */
function openStore(): ModelStore {
	try {
		return new ModelStore();
	} catch (thrown) {
		console.error(`start: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
		process.exit(2);
	}
}

step("Is generated/ what wit/ gives?", ["codegen/bin.js", "--check"]);

const store = openStore();
useEngines(store);
title("Models of speech, hearing and embeddings");
const defaults = store.models().filter((model) => model.default);
const missing = await obtainModels(store, defaults, "Speech, its transcripts and embeddings", flags.offline);
if (missing.length > 0)
	console.log("The examples go on. The embedded stub stands in for what is missing: its answers are made up, and it names itself.");
if (flags.chat) {
	title("A small language model");
	await obtainChatModel(store, flags.offline);
}

step("Backends of this machine", ["src/cli/main.ts", "backends", "--config", "examples/voice-check/spear.toml"]);
example("voice-check", "agent", "", missing.length === 0 ? ON_MODELS : missing.length < defaults.length ? ON_BOTH : ON_STUB);
const [question] = positionals;
if (await hasChatModel(store)) example("parts-store", "chat-agent", question ?? "", "on the small language model of this machine");
else {
	if (flags.chat) console.log("\nThe small language model or its engine is missing, so the chat example runs on the stub.");
	example("chat-agent", "chat-agent", question ?? STUB_QUESTION, ON_STUB);
}
example("all-families", "agent", "A red kite over green hills", ON_STUB);

if (missing.length > 0 || !flags.chat) title("More");
if (missing.length > 0) console.log("`npm start` with a network fetches the models of speech and embeddings, once.");
if (!flags.chat) console.log("`npm start -- --chat` also fetches a small language model, and runs the parts store on it.");
