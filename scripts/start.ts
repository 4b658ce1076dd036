/**
 * `npm start`: the whole path in one go, without a key and without a network. Checks that `generated/` is what `wit/` gives,
 * builds the example agent, and runs it on the embedded default, printing the conversation as it streams and its route.
 */
import "./require-node.ts";
import { spawnSync } from "node:child_process";
import process from "node:process";

/** The stub is no model: told to `call` a tool with some JSON, it does, and then repeats what the tool answered. */
const QUESTION = 'Is M6-20 in stock? call inventory {"sku": "M6-20"}';

function step(title: string, args: readonly string[]): void {
	console.log(`\n— ${title}`);
	const { status, signal } = spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], { stdio: "inherit" });
	if (status !== 0) {
		console.error(`\nstopped: \`node ${args.join(" ")}\` ended with ${signal ?? `exit code ${status}`}`);
		process.exit(status ?? 1);
	}
}

/** Compiles an example for a world and runs it as its own configuration says, which is the embedded stub: no key, no network. */
function example(name: string, world: string, input: string): void {
	const folder = `examples/${name}`;
	const component = `${folder}/build/${name}.wasm`;
	step(`Compile ${folder}/${name}.ts to a WebAssembly component`, [
		"src/cli/main.ts",
		"build",
		`${folder}/${name}.ts`,
		"-o",
		component,
		"--world",
		world,
	]);
	const run = ["src/cli/main.ts", "run", component, "--config", `${folder}/spear.toml`, "--transcript", "--input", input];
	step("Run it on the embedded stub: no key, no network", run);
}

step("Is generated/ what wit/ gives?", ["codegen/cli.ts", "--check"]);
example("chat-agent", "chat-agent", process.argv[2] ?? QUESTION);
example("all-families", "agent", "A red kite over green hills");
