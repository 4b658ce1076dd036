/**
 * `npm start`: the whole path in one go, without a key and without a network. Checks that `generated/` is what `wit/` gives,
 * builds the example agent, and runs it on the embedded default, printing the conversation as it streams and its route.
 */
import { spawnSync } from "node:child_process";
import process from "node:process";

const GUEST = "examples/chat-agent/chat-agent.ts";
/** The stub is no model: told to `call` a tool with some JSON, it does, and then repeats what the tool answered. */
const QUESTION = 'Is M6-20 in stock? call inventory {"sku": "M6-20"}';
const COMPONENT = "examples/chat-agent/build/chat-agent.wasm";

function step(title: string, args: readonly string[]): void {
	console.log(`\n— ${title}`);
	const { status, signal } = spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], { stdio: "inherit" });
	if (status !== 0) {
		console.error(`\nstopped: \`node ${args.join(" ")}\` ended with ${signal ?? `exit code ${status}`}`);
		process.exit(status ?? 1);
	}
}

step("Is generated/ what wit/ gives?", ["codegen/cli.ts", "--check"]);
step(`Compile ${GUEST} to a WebAssembly component`, ["src/cli/main.ts", "build", GUEST, "-o", COMPONENT, "--world", "chat-agent"]);
step("Run it on the embedded default backend: no key, no network", [
	"src/cli/main.ts",
	"run",
	COMPONENT,
	"--config",
	"examples/chat-agent/spear.toml",
	"--transcript",
	"--input",
	process.argv[2] ?? QUESTION,
]);
