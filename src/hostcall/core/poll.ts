import { EBADF } from "../../../generated/hostcall/core/errno.ts";
import type { Poll } from "../../../generated/hostcall/core/poll.ts";
import { controlEpoll, Epoll, type EpollScope } from "./epoll.ts";
import { createFdControl } from "./fd-control.ts";
import type { FdTable } from "./fd-table.ts";

/** Waiting for descriptors, and questions to them. */
export function createPoll(scope: EpollScope, fds: FdTable): Poll {
	return {
		...createFdControl(fds),
		create: () => fds.open(new Epoll(scope)),
		control: (epfd, operation, fd, events) => controlEpoll(fds, epfd, operation, fd, events),
		async wait(epfd, max, timeoutMs) {
			const epoll = fds.get(epfd, Epoll);
			return epoll === EBADF ? EBADF : epoll.wait(max, timeoutMs);
		},
		close: (epfd) => fds.close(epfd),
	};
}
