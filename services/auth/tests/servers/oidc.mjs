// An OpenID Connect provider for the tests: everybody can sign in, by naming themselves.
//
// `node oidc.mjs <conform|claims-in-id-token> <redirect URI>…` prints its issuer URL when it answers, and
// ends when its standard input does.
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const [claims, ...redirectUris] = process.argv.slice(2);

// `a@example.com` has that address; `unverified:a@example.com` says so without having shown it.
function account(login) {
    const unverified = login.startsWith('unverified:');
    const email = login.split(':').pop();
    return { sub: login, email, email_verified: !unverified, name: `Name of ${email}` };
}

const server = createServer();
server.listen(0, '127.0.0.1', () => {
    const issuer = `http://127.0.0.1:${server.address().port}`;
    const provider = new Provider(issuer, {
        clients: [
            { client_id: 'maru', client_secret: 'the secret & its +=%', redirect_uris: redirectUris },
            { client_id: 'another', client_secret: 'another secret', redirect_uris: redirectUris },
        ],
        claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
        conformIdTokenClaims: claims === 'conform',
        cookies: { keys: ['only for tests'] },
        findAccount: async (_, login) => ({ accountId: login, claims: async () => account(login) }),
        pkce: { required: () => true },
    });
    server.on('request', provider.callback());
    console.log(issuer);
});

process.stdin.on('end', () => process.exit(0)).resume();
