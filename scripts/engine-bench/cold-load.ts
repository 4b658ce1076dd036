import { execFile } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const SCRIPT = fileURLToPath(new URL("load-once.ts", import.meta.url));

/** Times of one load of a guest, in milliseconds. */
export interface LoadTimes {
	/** From `host.load` to its result. Depends on the load of the machine. */
	readonly ms: number;
	/** CPU time of all threads: V8 compiles in some of them. */
	readonly cpuMs: number;
	/** CPU time of the main thread. */
	readonly mainCpuMs: number;
}

/** Loads a guest in new processes, one after another. Returns the median of each time. */
export async function coldLoad(path: string, processes: number): Promise<LoadTimes> {
	const times: number[][] = [[], [], []];
	for (let each = 0; each < processes; each += 1) {
		const { stdout } = await promisify(execFile)(process.execPath, ["--disable-warning=ExperimentalWarning", SCRIPT, path]);
		const read: unknown = JSON.parse(stdout);
		if (!Array.isArray(read)) throw new TypeError(`${SCRIPT} printed ${stdout}`);
		for (const [index, time] of read.entries()) times[index]?.push(Number(time));
	}
	const [ms = 0, cpuMs = 0, mainCpuMs = 0] = times.map((each) => each.sort((a, b) => a - b)[Math.floor(each.length / 2)] ?? 0);
	return { ms, cpuMs, mainCpuMs };
}
