import type { Chat } from "../../../generated/hostcall/core/chat.ts";
import type { Clock } from "../../../generated/hostcall/core/clock.ts";
import type { Poll } from "../../../generated/hostcall/core/poll.ts";

/** Is called when the guest begins a wait, and when the wait ends. */
type WaitListener = (isWaiting: boolean) => void;

/** Reports the begin and the end of each send of a chat session. */
export function observedChat(chat: Chat, onChat: () => void): Chat {
	return {
		...chat,
		async send(session, options) {
			onChat();
			try {
				return await chat.send(session, options);
			} finally {
				onChat();
			}
		},
	};
}

/** Reports the waits of an epoll. */
export function observedPoll(poll: Poll, onWait: WaitListener): Poll {
	return { ...poll, wait: (epoll, max, timeoutMs) => observed(() => poll.wait(epoll, max, timeoutMs), onWait) };
}

/** Reports the waits of a clock. */
export function observedClock(clock: Clock, onWait: WaitListener): Clock {
	return { ...clock, sleep: (ms) => observed(() => clock.sleep(ms), onWait) };
}

async function observed<T>(wait: () => Promise<T>, onWait: WaitListener): Promise<T> {
	onWait(true);
	try {
		return await wait();
	} finally {
		onWait(false);
	}
}
