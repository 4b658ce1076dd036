import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import process from "node:process";

/** Delays of the event loop, in milliseconds. */
export interface LoopDelays {
	/** Longest delay by the monitor of Node, without the millisecond of its own timer. */
	readonly longest: number;
	/** Delay that 99% of the turns keep below. */
	readonly p99: number;
	/** Longest computation of this thread between two turns. A delay beyond it is time that the system gave to others. */
	readonly longestComputation: number;
	/** Duration of the measurement. */
	readonly total: number;
}

/** Measures the event loop while `run` runs. */
export async function loopDelays(run: () => Promise<unknown>): Promise<LoopDelays> {
	const monitor = monitorEventLoopDelay({ resolution: 1 });
	let before = process.threadCpuUsage();
	let longestComputation = 0;
	let timer: NodeJS.Timeout | undefined;
	const turn = (): void => {
		const now = process.threadCpuUsage();
		longestComputation = Math.max(longestComputation, (now.user + now.system - before.user - before.system) / 1000);
		before = now;
		timer = setTimeout(turn, 1);
	};
	turn();
	monitor.enable();
	const began = performance.now();
	await run();
	const total = performance.now() - began;
	monitor.disable();
	clearTimeout(timer);
	return { longest: monitor.max / 1e6 - 1, p99: monitor.percentile(99) / 1e6 - 1, longestComputation, total };
}
