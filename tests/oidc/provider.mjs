// A provider of OpenID Connect that many use (`oidc-provider`), with one person, for the tests. It is started with the address to which people
// return, prints where it listens, and ends with its input.

import { createServer } from "node:http";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [, , modules, returnsTo] = process.argv;
const { default: Provider } = await import(pathToFileURL(createRequire(`${modules}/`).resolve("oidc-provider")).href);

const server = createServer((request, response) => answer(request, response));
let answer;
server.listen(0, "127.0.0.1", () => {
    const issuer = `http://127.0.0.1:${server.address().port}`;
    const provider = new Provider(issuer, {
        clients: [
            {
                client_id: "umleitung",
                client_secret: "geheim & ein/bisschen=lang",
                grant_types: ["authorization_code"],
                response_types: ["code"],
                redirect_uris: [returnsTo],
            },
            {
                client_id: "another",
                client_secret: "another secret of some length",
                grant_types: ["authorization_code"],
                response_types: ["code"],
                redirect_uris: [returnsTo],
            },
        ],
        claims: { openid: ["sub"], profile: ["name", "preferred_username", "groups"] },
        // What is said of somebody stands in the token itself.
        conformIdTokenClaims: false,
        cookies: { keys: ["a key of the tests"] },
        findAccount: (_, id) => ({
            accountId: id,
            claims: () => ({ sub: id, name: "Ada Lovelace", preferred_username: "ada", groups: ["/Stadt/Presse"] }),
        }),
    });
    answer = provider.callback();
    console.log(issuer);
});
process.stdin.resume().on("end", () => process.exit(0));
