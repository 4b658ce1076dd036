import process from "node:process";
import { createInterface } from "node:readline/promises";

/** Asks a question whose default answer is yes. Without a terminal, nothing is asked, and the answer is yes. */
export async function ask(question: string): Promise<boolean> {
	if (!process.stdin.isTTY || !process.stdout.isTTY) return true;
	const terminal = createInterface({ input: process.stdin, output: process.stdout });
	try {
		const answer = await terminal.question(`${question} [Y/n] `);
		return !/^\s*n/i.test(answer);
	} catch {
		return false; // Ctrl-C or the end of input.
	} finally {
		terminal.close();
	}
}
