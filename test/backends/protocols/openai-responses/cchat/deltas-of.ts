import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { partsIn, pieces, type Wire } from "../upstream.ts";

/** Returns the IR events of the pieces that {@link responseStream} sends for an output. */
export function deltasOf(output: readonly Wire[]): cchat.Event[] {
	let calls = 0;
	return output.flatMap((item): cchat.Event[] => {
		switch (item.type) {
			case "message":
				return partsIn(item.content).flatMap((part) =>
					part.type === "refusal"
						? pieces(part.refusal).map((refusal): cchat.Event => ({ type: "refusal", refusal }))
						: pieces(part.text).map((text): cchat.Event => ({ type: "text", text })),
				);
			case "reasoning":
				return partsIn(item.summary).flatMap(({ text }, paragraph) =>
					pieces(text).map(
						(piece, at): cchat.Event => ({ type: "reasoning", reasoning: paragraph > 0 && at === 0 ? `\n\n${piece}` : piece }),
					),
				);
			case "function_call": {
				const index = calls++;
				const begun = { index, id: String(item.call_id), name: String(item.name), arguments: "" };
				const args = item.arguments === "" ? ["{}"] : pieces(item.arguments);
				return [begun, ...args.map((piece) => ({ index, arguments: piece }))].map((tool_call) => ({ type: "tool_call", tool_call }));
			}
			default:
				return [];
		}
	});
}
