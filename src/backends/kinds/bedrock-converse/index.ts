import { HttpClient } from "../../../transport/http/client.ts";
import type { BackendKind } from "../../backend.ts";
import { chatBackend } from "../../kit/http/chat-backend.ts";
import { bedrockChat, chatCapabilities, probeBedrock } from "../../protocols/bedrock/cchat/backend.ts";
import { bedrockErrors } from "../../protocols/bedrock/errors.ts";
import { sigV4 } from "../../protocols/bedrock/sigv4.ts";
import { readOptions } from "./options.ts";

/** Amazon Bedrock's Converse API. */
export const bedrockConverse: BackendKind = {
	name: "bedrock-converse",
	create(config, network, variable = () => undefined) {
		const options = readOptions(config);
		const http = new HttpClient({
			baseUrl: options.baseUrl,
			headers: options.headers,
			timeouts: options.timeouts,
			...(network === undefined ? {} : { network }),
			...(options.sigV4 === undefined ? {} : { signer: sigV4({ ...options.sigV4, variable }) }),
			onStatus: bedrockErrors.onStatus,
		});
		return {
			...chatBackend(http, bedrockChat(http, config, options), chatCapabilities(options)),
			probe: (context) => probeBedrock(http, config, options, context),
		};
	},
};
