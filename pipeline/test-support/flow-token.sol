// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// Everything a contract of the flows method can emit, by anybody, for tests on a real node.
contract FlowToken {
    uint256 public totalSupply;
    uint256 public decimals;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Issue(uint256 amount);
    event Redeem(uint256 amount);
    event Deposited(address user, address token, uint256 amount);
    event InstantRedemptionRouted(address indexed user, uint256 shares, uint256 payout);

    function mint(address to, uint256 value) public {
        totalSupply += value;
        emit Transfer(address(0), to, value);
    }

    function burn(address from, uint256 value) public {
        totalSupply -= value;
        emit Transfer(from, address(0), value);
    }

    function move(address from, address to, uint256 value) external {
        emit Transfer(from, to, value);
    }

    function mintMany(uint256 count, uint256 value) external {
        for (uint256 i = 1; i <= count; i++) mint(address(uint160(i)), value + i);
    }

    function roundtrip(address who, uint256 minted, uint256 burned) external {
        mint(who, minted);
        burn(who, burned);
    }

    function issue(uint256 value) external {
        totalSupply += value;
        emit Issue(value);
    }

    function redeem(uint256 value) external {
        totalSupply -= value;
        emit Redeem(value);
    }

    function deposit(address user, address token, uint256 value) external {
        emit Deposited(user, token, value);
    }

    function routeRedemption(address user, uint256 shares, uint256 payout) external {
        emit InstantRedemptionRouted(user, shares, payout);
    }

    function bridgeBurn(address from, uint256 value, address messenger) external {
        burn(from, value);
        Messenger(messenger).signal();
    }
}

/// Stands where a bridge's messenger stands and emits its DepositForBurn.
contract Messenger {
    function signal() external {
        assembly {
            log1(0, 0, 0x2fa9ca894982930190727e75500a97d8dc500233a5065e0f3126c48fbe0343c0)
        }
    }
}
