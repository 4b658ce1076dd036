/**
 * Runs that are killed at random instants, while files are moved in too. What is left is the old tree or the new one, or is known to be
 * half written; the next run makes the new one of it.
 */
import { spawn, spawnSync } from "node:child_process";
import * as path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isInterrupted } from "../../../codegen/write/write-tree.ts";
import { stateFiles } from "./flip-state.ts";
import { filesOf, inScratch } from "./scratch.ts";

const KILLS = Number(process.env.SPEAR_CODEGEN_KILLS ?? 8);
const script = path.join(import.meta.dirname, "flip-tree.ts");

/** Runs the writer, and kills it that many ms after it began, if given. Returns true if it was killed. */
function write(root: string, state: string, killAfterMs?: number): Promise<boolean> {
	const child = spawn(process.execPath, [script, root, state], { stdio: ["ignore", "pipe", "inherit"] });
	const { promise, resolve } = Promise.withResolvers<boolean>();
	child.stdout.once("data", () => {
		if (killAfterMs !== undefined) setTimeout(() => child.kill("SIGKILL"), killAfterMs);
	});
	child.on("close", (code, signal) => {
		if (signal === null) assert.is(code, 0);
		resolve(signal === "SIGKILL");
	});
	return promise;
}

test(`${KILLS} runs that are killed lose nothing`, async () => {
	await inScratch(async (dir) => {
		const root = path.join(dir, "generated");
		const started = performance.now();
		await write(root, "b");
		const whole = performance.now() - started;
		await write(root, "a");
		let [killed, halfWritten] = [0, 0];
		for (let round = 0; round < KILLS; round++) {
			const [before, after] = round % 2 === 0 ? ["a", "b"] : ["b", "a"];
			if (await write(root, after ?? "", Math.random() * whole * 0.5)) killed++;
			const left = JSON.stringify(filesOf(root));
			const isWhole = [before, after].some((state) => left === JSON.stringify(sorted(stateFiles(state ?? ""))));
			if (!isWhole) {
				halfWritten++;
				assert.ok(isInterrupted(root), "a tree that is half written is known to be");
			}
			await write(root, after ?? "");
			assert.equal(filesOf(root), sorted(stateFiles(after ?? "")), `round ${round}`);
			assert.not.ok(isInterrupted(root));
		}
		console.log(`${killed} of ${KILLS} runs were killed before their end, ${halfWritten} while files were moved in`);
	});
});

test("two runs at once: one waits for the other, and the tree is that of one of them", async () => {
	await inScratch(async (dir) => {
		const root = path.join(dir, "generated");
		await Promise.all([write(root, "a"), write(root, "b")]);
		const left = JSON.stringify(filesOf(root));
		assert.ok(["a", "b"].some((state) => left === JSON.stringify(sorted(stateFiles(state)))));
		assert.is(spawnSync(process.execPath, [script, root, "a"]).status, 0);
	});
});

function sorted(files: Record<string, string>): Record<string, string> {
	return Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
}

test.run();
