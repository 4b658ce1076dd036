import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, Option } from "commander";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { bashScript } from "../../../src/cli/completion/bash.ts";
import { allCommands, commandTree } from "../../../src/cli/completion/command-tree.ts";
import { fishScript } from "../../../src/cli/completion/fish.ts";
import { zshScript } from "../../../src/cli/completion/zsh.ts";
import { scratch } from "../../helpers/guest.ts";
import { spearHere } from "../../helpers/spear.ts";
import { bashOffers, fishOffers, isInstalled, type Shell, typeLine } from "./shells.ts";

const FOLDER = join(scratch(), "completion");
const WORK = join(FOLDER, "work");
mkdirSync(WORK, { recursive: true });
writeFileSync(join(WORK, "my agent.wasm"), "");
writeFileSync(join(WORK, "other.toml"), "");

const SCRIPTS = new Map<Shell, string>();
for (const shell of ["bash", "zsh", "fish"] as const) {
	const { code, stdout } = await spearHere(["completion", shell]);
	assert.is(code, 0);
	const path = join(FOLDER, `spear.${shell}`);
	writeFileSync(path, stdout);
	SCRIPTS.set(shell, path);
}

const scriptOf = (shell: Shell): string => SCRIPTS.get(shell) ?? "";

/** Lines with tabs, and the arguments that the command receives. */
const LINES: readonly (readonly [line: string, words: string])[] = [
	["spear tr\t x", "transcribe x"],
	["spear build --eng\tstar\t", "build --engine starlingmonkey"],
	["spear models pu\t", "models pull"],
	["spear -V\t", "-V"],
	["spear run --iso\twor\t", "run --isolation worker"],
	["spear explain --policy weighted_ra\t", "explain --policy weighted_random"],
	["spear explain --op\temb\t", "explain --operation embeddings"],
	["spear run my\t", "run my agent.wasm"],
	["spear check --con\tother\t --li\t", "check --config other.toml --live"],
	["spear completion f\t", "completion fish"],
	["spear help transc\t", "help transcribe"],
	// The value of an option is no command, and a command is not the value of the option before.
	["spear run --input build --exp\t", "run --input build --explain"],
];

for (const shell of ["bash", "zsh"] as const) {
	const runs = isInstalled(shell) && isInstalled("script");
	for (const [line, words] of LINES) {
		if (!runs) continue;
		test(`${shell} on a terminal completes ${JSON.stringify(line)}`, async () => {
			const got = await typeLine(shell, scriptOf(shell), line, WORK);
			assert.is(got.trim(), words);
		});
	}
}

if (isInstalled("fish")) {
	for (const [line, offers] of [
		["spear tr", ["transcribe"]],
		["spear build --engine ", ["quickjs", "starlingmonkey"]],
		["spear build --engine=st", ["--engine=starlingmonkey"]],
		["spear models pu", ["pull"]],
		["spear run --isolation w", ["worker"]],
		["spear run my", ["my agent.wasm"]],
		["spear run --input build --exp", ["--explain"]],
		["spear run --input ", []],
		["spear completion ", ["bash", "fish", "zsh"]],
		["spear new ", ["backend"]],
	] as const) {
		test(`fish completes ${JSON.stringify(line)}`, () => {
			assert.equal(fishOffers(scriptOf("fish"), line, WORK).sort(), offers);
		});
	}
}

if (isInstalled("bash")) {
	test("bash offers words of options, also behind a sign of equality", () => {
		const offers = (...words: string[]): string[] => bashOffers(scriptOf("bash"), ["spear", ...words], WORK);
		assert.equal(offers("build", "--engine", ""), ["quickjs", "starlingmonkey"]);
		assert.equal(offers("build", "--engine", "="), ["quickjs", "starlingmonkey"]);
		assert.equal(offers("build", "--engine", "=", "s"), ["starlingmonkey"]);
		assert.equal(offers("build", "--engine", "=", "quickjs", "--wo"), ["--world"]);
		assert.equal(offers("run", "--input", ""), []);
		assert.equal(offers("models", "r"), ["remove"]);
		assert.equal(offers("nothing", "such", "--js"), []);
	});

	test("bash offers every command with every option", async () => {
		const { stdout } = await spearHere(["--help"]);
		const [, listed = ""] = /Commands:\n([\s\S]*?)\n\n/.exec(stdout) ?? [];
		const commands = [...listed.matchAll(/^ {2}([a-z]+)/gm)].map(([, name = ""]) => name);
		assert.ok(commands.length >= 12);
		assert.equal(bashOffers(scriptOf("bash"), ["spear", ""], WORK), commands);
		for (const command of commands.filter((name) => name !== "help")) {
			const help = (await spearHere([command, "--help"])).stdout;
			const flags = [...help.matchAll(/^ {2}(?:-[a-zA-Z], )?(--[a-z-]+)/gm)].map(([, flag = ""]) => flag);
			const offered = bashOffers(scriptOf("bash"), ["spear", command, "--"], WORK);
			assert.equal(offered.sort(), flags.sort(), command);
		}
	});
}

test("quotes, colons and backslashes of descriptions stay text in every script", async () => {
	const odd = 'It\'s a \\ test: `rm -rf` $(false) "quoted".';
	const root = new Command("spear").description(odd).addOption(new Option("--odd <name>", odd).choices(["a", "b"]));
	root.command("sub").description(odd).argument("<file>", odd);
	const tree = commandTree(root);
	assert.equal(
		allCommands(tree).map(({ path, argument }) => [path, argument?.type]),
		[
			["spear", undefined],
			["spear sub", "files"],
			["spear help", "words"],
		],
	);
	for (const [shell, make] of [
		["bash", bashScript],
		["zsh", zshScript],
		["fish", fishScript],
	] as const) {
		if (!isInstalled(shell)) continue;
		const path = join(FOLDER, `odd.${shell}`);
		writeFileSync(path, make(tree));
		if (shell === "fish") assert.equal(fishOffers(path, "spear --odd ", WORK).sort(), ["a", "b"]);
		if (shell === "zsh" && isInstalled("script")) assert.is(await typeLine("zsh", path, "spear su\tmy\t", WORK), "sub my agent.wasm");
		if (shell === "bash") assert.equal(bashOffers(path, ["spear", "--odd", ""], WORK), ["a", "b"]);
	}
});

test("another shell is refused with the known ones", async () => {
	const { code, stderr } = await spearHere(["completion", "tcsh"]);
	assert.is(code, 2);
	assert.match(stderr, "bash, zsh, fish");
});

test.run();
