// Accounts that the seed holds.
export const admin = { name: "Hana Kim", email: "hana@maru.example", password: "대들보 아래 앉은 고양이" };
