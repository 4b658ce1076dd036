/**
 * A guest for end-to-end tests that runs commands. One component serves many tests, and one instance many faults. The input is a JSON array
 * of commands, the output the array of their outcomes.
 */
export const PROBE_GUEST = `
import { complete, completeStream, Session } from "spear:ai/cchat@0.1.0";
import { subscribeDuration, poll } from "spear:ai/poll@0.1.0";
import { log } from "spear:ai/log@0.1.0";

const text = (value) => ({ role: "user", content: [{ tag: "text", val: value }] });
const request = (more) => ({ messages: [text("hello")], ...more });

/** Returns the events of a stream up to its terminal event. */
function readAll(stream) {
	const events = [];
	try {
		for (;;) {
			const event = stream.next();
			events.push(event);
			if (event.tag === "completed" || event.tag === "failed") return events;
		}
	} finally {
		stream[Symbol.dispose]();
	}
}

const TOOL = { name: "add", description: "Adds.", parameters: '{"type":"object","properties":{"a":{"type":"number"}}}' };

/** Runs the tool loop of a session. \`send\` returns one answer. */
function toolLoop(session, send) {
	const answers = [];
	for (;;) {
		const response = send(session);
		answers.push(response);
		if (response.finishReason !== "tool-calls") return { answers, messages: session.messages(), metrics: session.metrics() };
		for (const call of response.message.toolCalls) {
			const { a, b } = JSON.parse(call.arguments);
			session.writeToolResult({ callId: call.id, output: String(a + b), isError: false });
		}
	}
}

const commands = {
	complete: ({ request: more, options }) => complete(request(more), options),
	stream: ({ request: more, options }) => readAll(completeStream(request(more), options)),
	tools({ streamed, options }) {
		const session = Session.open(request({ messages: [] }), options ?? null);
		session.registerTool(TOOL);
		session.setParam("temperature", "0");
		session.writeMessage(text("what is 1 + 2?"));
		const send = streamed ? () => readAll(session.sendStream()).at(-1).val : () => session.send();
		const outcome = toolLoop(session, send);
		session[Symbol.dispose]();
		return outcome;
	},
	/** Writes two messages of the user and removes them again, each in its own way. */
	removal() {
		const session = Session.open(request({ messages: [text("one")] }), null);
		session.writeMessage(text("two"));
		const removed = [session.truncate(1), session.removeLastTurn(), session.messages()];
		const refused = (() => {
			try {
				session.truncate(1);
			} catch (thrown) {
				return thrown.payload.message;
			}
		})();
		return { removed, refused };
	},
	dropAfterFirst() {
		const stream = completeStream(request(), null);
		const first = stream.next();
		stream[Symbol.dispose]();
		return first;
	},
	/** Reads two streams concurrently. Returns the order of their texts and the number of polls. */
	multiplex({ models }) {
		const streams = models.map((model) => completeStream(request({ model }), null));
		const pollables = streams.map((stream) => stream.subscribe());
		const open = new Set(streams.keys());
		const order = [];
		let polls = 0;
		while (open.size > 0) {
			const waiting = [...open];
			polls += 1;
			for (const ready of poll(waiting.map((index) => pollables[index]))) {
				const index = waiting[ready];
				for (let event = streams[index].tryNext(); event; event = streams[index].tryNext()) {
					if (event.tag === "text") order.push(models[index] + ":" + event.val);
					if (event.tag === "completed" || event.tag === "failed") {
						order.push(models[index] + ":" + event.tag);
						open.delete(index);
						break;
					}
				}
			}
		}
		for (const handle of [...pollables, ...streams]) handle[Symbol.dispose]();
		return { order, polls };
	},
	sleep({ ms }) {
		const timer = subscribeDuration(ms);
		timer.block();
		timer[Symbol.dispose]();
		return "slept";
	},
	log({ message }) {
		log("error", message, [{ key: "k", value: message }]);
		return "logged";
	},
};

export function run(input) {
	const outcomes = JSON.parse(input).map((command) => {
		try {
			return { ok: commands[command.do](command) };
		} catch (thrown) {
			if (thrown && thrown.payload) return { err: thrown.payload };
			throw { tag: "failed", val: String(thrown && thrown.message) + "\\n" + (thrown && thrown.stack) };
		}
	});
	return JSON.stringify(outcomes);
}
`;

/** A command for the probe guest. */
export interface ProbeCommand {
	readonly do: "complete" | "stream" | "tools" | "dropAfterFirst" | "multiplex" | "removal" | "sleep" | "log";
	readonly [argument: string]: unknown;
}

/** Outcome of a command, in the shape that the guest received. */
export interface ProbeOutcome {
	readonly ok?: unknown;
	readonly err?: unknown;
}
