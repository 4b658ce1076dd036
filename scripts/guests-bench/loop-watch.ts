import { monitorEventLoopDelay } from "node:perf_hooks";
import { threadCpuMs } from "./held-chats.ts";

/** Longest block of the event loop, in milliseconds. */
export interface LongestBlock {
	/** By the clock. Includes the time in which the system ran other processes. */
	readonly wallMs: number;
	/** CPU time of this thread between two timers. What the block would be on an idle machine. */
	readonly cpuMs: number;
}

/** Watches the event loop from now on. Returns the function that ends the watch. */
export function watchLoop(): () => LongestBlock {
	const delay = monitorEventLoopDelay({ resolution: 1 });
	delay.enable();
	let cpuMs = 0;
	let before = threadCpuMs();
	const timer = setInterval(() => {
		const now = threadCpuMs();
		cpuMs = Math.max(cpuMs, now - before);
		before = now;
	}, 1);
	return () => {
		clearInterval(timer);
		delay.disable();
		return { wallMs: delay.max / 1e6, cpuMs: Math.max(cpuMs, threadCpuMs() - before) };
	};
}

export function blockText({ wallMs, cpuMs }: LongestBlock): string {
	return `${wallMs.toFixed(0)} ms (CPU ${cpuMs.toFixed(0)} ms)`;
}
