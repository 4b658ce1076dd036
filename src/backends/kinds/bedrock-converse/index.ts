import type { BackendKind } from "../../backend.ts";
import { chatBackend } from "../../kit/http/chat-backend.ts";
import { upstreamClient } from "../../kit/http/upstream-client.ts";
import { upstreamModel } from "../../kit/models.ts";
import { bedrockChat, probeBedrock } from "../../protocols/bedrock/cchat/backend.ts";
import { chatRules } from "../../protocols/bedrock/cchat/rules.ts";
import { bedrockErrors } from "../../protocols/bedrock/errors.ts";
import { sigV4 } from "../../protocols/bedrock/sigv4.ts";
import { readOptions } from "./options.ts";

/** Amazon Bedrock's Converse API. */
export const bedrockConverse: BackendKind = {
	name: "bedrock-converse",
	create(config, network, variable = () => undefined) {
		const options = readOptions(config);
		const signed = options.sigV4 === undefined ? {} : { signer: sigV4({ ...options.sigV4, variable }) };
		const http = upstreamClient(options, bedrockErrors, network, signed);
		const upstreamOf = ({ model }: { readonly model?: string }): string => upstreamModel(config, "chat_completions", model);
		return {
			...chatBackend(http, bedrockChat(http, config, options), chatRules(options, upstreamOf)),
			probe: (context) => probeBedrock(http, config, options, context),
		};
	},
};
