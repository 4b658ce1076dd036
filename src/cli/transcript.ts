import type * as cchat from "../../generated/ir/cchat.ts";
import type { RequestEnvelope } from "../../generated/ir/envelope.ts";
import type { HostEvent } from "../telemetry/host-event.ts";
import { explainDecision } from "./explain-decision.ts";
import { explainToolCall } from "./explain-tool-call.ts";

/** Returns a listener that prints a run while it happens: messages, streamed answers, tool calls, results of tools, and routes. */
export function createTranscript(write: (text: string) => void): (event: HostEvent) => void {
	/** Messages of the conversation that were printed. A request repeats all earlier messages. */
	let shown = 0;
	let midLine = false;
	const line = (text: string): void => {
		write(`${midLine ? "\n" : ""}${text}\n`);
		midLine = false;
	};
	const chunk = (speaker: string, text: string): void => {
		write(midLine ? text : `${speaker}${text}`);
		midLine = !text.endsWith("\n");
	};
	const answer = (message: cchat.Message, withText: boolean): void => {
		if (withText) for (const part of message.content) if (part.type === "text") line(`assistant  ${part.text}`);
		for (const call of message.tool_calls) line(`assistant  calls ${call.name}(${call.arguments})`);
	};
	const request = ({ operation, payload }: RequestEnvelope): void => {
		if (!("messages" in payload)) {
			line(`request    ${operation}`);
			return;
		}
		if (payload.messages.length < shown) shown = 0;
		for (const message of payload.messages.slice(shown)) {
			if (message.role !== "assistant") line(`${message.role.padEnd(11)}${textOf(message)}`);
		}
		shown = payload.messages.length;
	};
	return (event) => {
		switch (event.type) {
			case "request":
				return request(event.request);
			case "stream-event":
				if (event.event.type === "text" && typeof event.event.text === "string") return chunk("assistant  ", event.event.text);
				if (event.event.type === "completed" && "message" in event.event.completed) answer(event.event.completed.message, false);
				return;
			case "response":
				if ("message" in event.payload) answer(event.payload.message, true);
				return;
			case "decision":
				return line(explainDecision(event.explanation, event.error));
			case "tool-call":
				return line(explainToolCall(event));
			case "session-failed":
				return line(`session    failed: ${event.error.message}`);
			case "log":
				return line(`log        ${event.level}: ${event.message}`);
			case "output":
				return line(`${event.stream}     ${event.line}`);
			case "run-ended":
				return;
		}
	};
}

function textOf(message: cchat.Message): string {
	return message.content.map((part) => (part.type === "text" ? part.text : `[${part.type}]`)).join("");
}
