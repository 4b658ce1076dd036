import { EBADF, type Errno } from "../../../generated/hostcall/core/errno.ts";
import { Events, type Poll } from "../../../generated/hostcall/core/poll.ts";
import type { FdEntry, FdTable } from "./fd-table.ts";

const NONBLOCK = "O_NONBLOCK";

/** Questions to any descriptor, also to one that was closed of late. */
export function createFdControl(fds: FdTable): Pick<Poll, "setFlags" | "getFlags" | "getKind" | "getStatus" | "getMetrics"> {
	const ask = <T>(fd: number, answer: (entry: FdEntry) => T): T | Errno => {
		const entry = fds.entry(fd);
		return entry === undefined ? EBADF : answer(entry);
	};
	return {
		setFlags: (fd, { set = [], clear = [] }) =>
			ask(fd, (entry) => {
				if (set.includes(NONBLOCK)) entry.isNonblocking = true;
				if (clear.includes(NONBLOCK)) entry.isNonblocking = false;
				return 0;
			}),
		getFlags: (fd) => ask(fd, (entry) => ({ flags: flagsOf(entry) })),
		getKind: (fd) => ask(fd, ({ kind }) => ({ kind })),
		getStatus: (fd) =>
			ask(fd, (entry) => ({ kind: entry.kind, flags: flagsOf(entry), poll_mask: namesOf(entry.mask), closed: entry.isClosed })),
		getMetrics: (fd) => ask(fd, ({ metrics }) => metrics),
	};
}

function flagsOf({ isNonblocking }: FdEntry): readonly string[] {
	return isNonblocking ? [NONBLOCK] : [];
}

function namesOf(mask: number): readonly string[] {
	return Object.entries(Events).flatMap(([name, bit]) => ((mask & bit) === 0 ? [] : [name.toUpperCase()]));
}
