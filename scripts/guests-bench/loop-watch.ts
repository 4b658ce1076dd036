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
	const longest = { wallMs: 0, cpuMs: 0 };
	let before = { wallMs: performance.now(), cpuMs: threadCpuMs() };
	const tick = (): void => {
		const now = { wallMs: performance.now(), cpuMs: threadCpuMs() };
		longest.wallMs = Math.max(longest.wallMs, now.wallMs - before.wallMs);
		longest.cpuMs = Math.max(longest.cpuMs, now.cpuMs - before.cpuMs);
		before = now;
	};
	const timer = setInterval(tick, 1);
	return () => {
		clearInterval(timer);
		tick();
		return longest;
	};
}

export function blockText({ wallMs, cpuMs }: LongestBlock): string {
	return `${wallMs.toFixed(0)} ms (CPU ${cpuMs.toFixed(0)} ms)`;
}
