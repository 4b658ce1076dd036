import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import process from "node:process";

/** Longest time until a process is ready, in milliseconds. */
const START_MS = 60_000;

/**
 * Starts a process, and waits until `ready` returns a value for its output. The process is not in the group of this one, so that Ctrl-C reaches this one
 * alone, which ends the others in order.
 *
 * @param name Name for messages.
 * @param log File for the standard error of the process.
 */
export async function startProcess({ name, program, args, log, cwd, env, ready }) {
	const child = spawn(program, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
	let output = "";
	let errors = "";
	const file = log === undefined ? undefined : createWriteStream(log);
	child.stderr.setEncoding("utf8").on("data", (text) => {
		errors = (errors + text).slice(-2_000);
		file?.write(text);
	});
	const ended = new Promise((resolve) => {
		child.once("error", (error) => resolve(error.message));
		child.once("exit", (code, signal) => resolve(`${signal ?? `exit code ${code}`}\n${errors || output.slice(-2_000)}`));
	});
	// A failure of this process must leave no other one behind.
	const kill = () => child.kill("SIGKILL");
	process.once("exit", kill);
	ended.then(() => {
		process.off("exit", kill);
		file?.end();
	});
	let timer;
	const value = await new Promise((resolve, reject) => {
		timer = setTimeout(() => reject(new Error(`${name} is not ready after ${START_MS / 1_000} s:\n${errors || output}`)), START_MS);
		ended.then((why) => reject(new Error(`${name} did not start: ${why}`)));
		child.stdout.setEncoding("utf8").on("data", (text) => {
			output = (output + text).slice(-100_000);
			const found = ready(output);
			if (found !== undefined) resolve(found);
		});
	})
		.catch((thrown) => {
			kill();
			throw thrown;
		})
		.finally(() => clearTimeout(timer));
	const stop = async () => {
		child.kill("SIGTERM");
		await ended;
	};
	return { name, pid: child.pid, value, ended, stop };
}
