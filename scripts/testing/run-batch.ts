import { spawn } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { splitAtMark } from "./end-mark.ts";
import { judge, type Outcome } from "./outcome.ts";

export interface BatchOptions {
	/** Called when a file has ended. */
	readonly onEnd: (outcome: Outcome) => void;
	/** Time after which a file counts as hung, in milliseconds. The default is 150,000. */
	readonly timeoutMs?: number;
}

const WORKER = fileURLToPath(new URL("worker.ts", import.meta.url));

/**
 * Runs files one after another in one process, and reports each as it ends. Returns the files that had no turn, because one before them
 * crashed, hung or never finished.
 */
export function runBatch(files: readonly string[], { onEnd, timeoutMs = 150_000 }: BatchOptions): Promise<readonly string[]> {
	return new Promise((resolve) => {
		const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", WORKER, ...files], {
			stdio: ["ignore", "pipe", "pipe"],
		});
		/** Output of each file, both streams as they come. */
		const outputs = files.map(() => "");
		/** The file that is running. */
		let current = 0;
		let started = performance.now();
		let hung = false;
		const kill = (): void => {
			hung = true;
			child.kill("SIGKILL");
			// A process the file started may hold them open for ever.
			child.stdout.destroy();
			child.stderr.destroy();
		};
		let timer = setTimeout(kill, timeoutMs);
		const end = (how: string | undefined): void => {
			const ended = performance.now();
			onEnd(judge({ file: files[current] ?? "", output: outputs[current] ?? "", seconds: (ended - started) / 1000, end: how }));
			started = ended;
			current += 1;
			clearTimeout(timer);
		};
		/** The file that each stream is at. A file has ended when both are past it. */
		const positions = [0, 0];
		for (const [index, stream] of [child.stdout, child.stderr].entries()) {
			let pending = "";
			stream.setEncoding("utf8").on("data", (text: string) => {
				pending += text;
				for (;;) {
					const { before, exitCode, after } = splitAtMark(pending);
					const at = positions[index] ?? 0;
					outputs[at] += before;
					pending = after;
					if (exitCode === undefined) return;
					positions[index] = at + 1;
					if (Math.min(...positions) <= current) continue;
					end(exitCode === 0 ? undefined : `exit ${exitCode}`);
					timer = setTimeout(kill, timeoutMs);
				}
			});
		}
		child.on("close", (code, signal) => {
			end(hung ? "hung" : code === 0 ? undefined : `exit ${signal ?? code}`);
			resolve(files.slice(current));
		});
	});
}
