import { drawLatency, type LatencyModel } from "../../../src/simulation/distributions.ts";
import { faultAt, type NetworkPath } from "./network.ts";

/** Time of a message in one direction: the median of a round trip is 0.5 ms, and one of 200 messages takes ten times as long. */
const ONE_WAY: LatencyModel = { medianMs: 0.25, sigma: 0.3, tail: { part: 0.005, factor: 10 } };

/** First pause of TCP before lost bytes are sent again, in milliseconds. Each further pause is twice as long. */
const RETRANSMIT_MS = 200;

export type Direction = "request" | "answer";

/** The messages of one connection. Messages arrive in order. A message that is sent during a cut arrives after the end of the cut, when TCP sends the bytes again. */
export class TcpStream {
	readonly #path: NetworkPath;
	/** Arrival of the last message, by direction. */
	readonly #lastAt = { request: 0, answer: 0 };
	/** The first loss of the present cut, and the end of that. */
	#loss = { at: 0, cutEnd: 0 };
	#isOpen = true;

	constructor(path: NetworkPath) {
		this.#path = path;
	}

	send(direction: Direction, deliver: () => void): void {
		const { time, random, faults, host } = this.#path;
		const now = time.now();
		const sentAt = this.#sentAt(now);
		if (!this.#isOpen || sentAt === Number.POSITIVE_INFINITY) return;
		const fault = faultAt(faults, sentAt, host)?.fault;
		const slower = fault?.type === "slow" ? fault.addMs : 0;
		const arrival = Math.max(this.#lastAt[direction], sentAt + drawLatency(ONE_WAY, random) + slower);
		this.#lastAt[direction] = arrival;
		time.after(arrival - now, () => {
			if (this.#isOpen) deliver();
		});
	}

	/** Ends the connection. Messages on their way are lost. */
	close(): void {
		this.#isOpen = false;
	}

	/** Returns the time at which a message of now is on its way: later during a cut. */
	#sentAt(now: number): number {
		const { faults, host } = this.#path;
		const phase = faultAt(faults, now, host);
		if (phase?.fault.type !== "cut") return now;
		if (this.#loss.cutEnd !== phase.to) this.#loss = { at: now, cutEnd: phase.to };
		let pause = RETRANSMIT_MS;
		let at = this.#loss.at + pause;
		while (at < Math.max(now, phase.to)) {
			pause *= 2;
			at += pause;
		}
		return at;
	}
}
