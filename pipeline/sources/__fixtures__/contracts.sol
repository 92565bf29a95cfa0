// SPDX-License-Identifier: MIT
// The least that tests on a real EVM node need: a token, a price feed, and Multicall3's aggregate3 with its real interface.
// contracts.json beside this file holds their runtime code; `npm exec -- tsx pipeline/sources/__fixtures__/compile.ts` renews it.
pragma solidity 0.8.37;

contract Token {
    uint256 public totalSupply; // slot 0
    uint8 public decimals; // slot 1
    mapping(address => uint256) public balanceOf; // slot 2
}

contract Feed {
    uint8 public decimals; // slot 0
    int256 private answer; // slot 1
    uint256 private updatedAt; // slot 2

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return (1, answer, updatedAt, updatedAt, 1);
    }
}

contract Multicall3 {
    struct Call3 {
        address target;
        bool allowFailure;
        bytes callData;
    }

    struct Result {
        bool success;
        bytes returnData;
    }

    function aggregate3(Call3[] calldata calls) external payable returns (Result[] memory results) {
        results = new Result[](calls.length);
        for (uint256 i = 0; i < calls.length; i++) {
            (bool success, bytes memory data) = calls[i].target.call(calls[i].callData);
            require(success || calls[i].allowFailure, "Multicall3: call failed");
            results[i] = Result(success, data);
        }
    }
}
