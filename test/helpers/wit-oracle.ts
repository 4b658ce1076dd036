/** Parses packages with the official WIT parser, in child processes. */
import { type ChildProcess, fork } from "node:child_process";

/** A package on disk, by absolute path, or in a string, and its world to resolve. */
export type OracleJob = ({ readonly path: string } | { readonly text: string }) & {
	readonly world: string;
	/** Features whose `@unstable` items are kept. The default is all. */
	readonly features?: readonly string[];
};

export type OracleAnswer =
	/** Resolved WIT by file name, without docs and gates. */
	| { readonly kind: "accepted"; readonly files: readonly (readonly [name: string, text: string])[] }
	| { readonly kind: "refused"; readonly message: string }
	| { readonly kind: "panicked"; readonly message: string };

/** Returns the answers in the order of the jobs. */
export async function askOracle(jobs: readonly OracleJob[]): Promise<OracleAnswer[]> {
	const answers: OracleAnswer[] = [];
	let child: ChildProcess | undefined;
	try {
		for (const job of jobs) {
			child ??= fork(new URL("wit-oracle-child.ts", import.meta.url), { stdio: ["ignore", "ignore", "inherit", "ipc"] });
			const answer = await askChild(child, job);
			answers.push(answer);
			if (answer.kind === "panicked") {
				child.kill();
				child = undefined;
			}
		}
	} finally {
		child?.kill();
	}
	return answers;
}

function askChild(child: ChildProcess, job: OracleJob): Promise<OracleAnswer> {
	return new Promise((resolve) => {
		const onExit = (code: number | null) => settle({ kind: "panicked", message: `the process ended with code ${code}` });
		const settle = (answer: OracleAnswer) => {
			child.off("exit", onExit);
			child.off("message", settle);
			resolve(answer);
		};
		child.once("exit", onExit);
		child.once("message", settle);
		child.send(job);
	});
}
