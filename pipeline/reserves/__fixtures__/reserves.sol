// SPDX-License-Identifier: MIT
// Small protocols that work: what they say follows from what was paid in, lent out, borrowed or frozen, as in the real ones.
// reserves.json beside this file holds their runtime code; `npm exec -- tsx pipeline/sources/__fixtures__/compile.ts
// pipeline/reserves/__fixtures__/reserves.sol` renews it.
pragma solidity 0.8.37;

contract Token {
    uint256 public totalSupply;
    uint8 public decimals;
    string public symbol;
    mapping(address => uint256) public balanceOf;

    function set(uint8 decimals_, string calldata symbol_) external {
        decimals = decimals_;
        symbol = symbol_;
    }

    function mint(address to, uint256 amount) external {
        totalSupply += amount;
        balanceOf[to] += amount;
    }

    function move(address from, address to, uint256 amount) public {
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }
}

contract LitePsm {
    address public gem;
    address public pocket;

    function set(address gem_, address pocket_) external {
        gem = gem_;
        pocket = pocket_;
    }
}

/// Shares of one asset, part of which is lent out.
contract Vault {
    Token public asset;
    uint256 public totalSupply;
    uint256 public deployed;
    address private market;

    function set(Token asset_, address market_) external {
        asset = asset_;
        market = market_;
    }

    function deposit(uint256 amount) external {
        totalSupply += totalSupply == 0 ? amount : (amount * totalSupply) / totalAssets();
        asset.mint(address(this), amount);
    }

    function lend(uint256 amount) external {
        asset.move(address(this), market, amount);
        deployed += amount;
    }

    function totalAssets() public view returns (uint256) {
        return asset.balanceOf(address(this)) + deployed;
    }

    function convertToAssets(uint256 shares) external view returns (uint256) {
        return totalSupply == 0 ? shares : (shares * totalAssets()) / totalSupply;
    }
}

/// Writes when it is asked, as the real one does: a reader must not change it.
contract PriceFeed {
    uint256 public lastGoodPrice;
    uint256 public asked;

    function set(uint256 price) external {
        lastGoodPrice = price;
    }

    function fetchPrice() external returns (uint256) {
        asked += 1;
        return lastGoodPrice;
    }
}

contract TroveManager {
    uint256 public getEntireSystemColl;
    uint256 public getEntireSystemDebt;
    uint256 public constant MCR = 1.1e18;
    uint256 public getRedemptionRateWithDecay;

    function set(uint256 coll, uint256 debt, uint256 rate) external {
        getEntireSystemColl = coll;
        getEntireSystemDebt = debt;
        getRedemptionRateWithDecay = rate;
    }

    function getTCR(uint256 price) external view returns (uint256) {
        return (getEntireSystemColl * price) / getEntireSystemDebt;
    }
}

contract Branch {
    uint256 public getBoldDebt;
    bool public hasBeenShutDown;

    function set(uint256 debt, bool shut) external {
        getBoldDebt = debt;
        hasBeenShutDown = shut;
    }
}

contract Registry {
    uint256 public getRedemptionRateWithDecay;

    function set(uint256 rate) external {
        getRedemptionRateWithDecay = rate;
    }
}

contract FxPool {
    uint256 public getTotalRawCollaterals;
    uint256 public getTotalRawDebts;

    function set(uint256 coll, uint256 debt) external {
        getTotalRawCollaterals = coll;
        getTotalRawDebts = debt;
    }
}

contract FeeStrategy {
    uint256 private bps;

    function set(uint256 bps_) external {
        bps = bps_;
    }

    function getBuyFee(uint256 amount) external view returns (uint256) {
        return (amount * bps) / 10_000;
    }
}

/// A stability module with a cap, whose assets may have lost or gained against what it issued.
contract Gsm {
    uint256 public cap;
    uint256 public getUsed;
    uint256 private held;
    bool public getIsFrozen;
    bool public getIsSeized;
    address public getFeeStrategy;

    function set(uint256 cap_, address strategy) external {
        cap = cap_;
        getFeeStrategy = strategy;
    }

    function sell(uint256 amount) external {
        require(getUsed + amount <= cap, "cap");
        getUsed += amount;
        held += amount;
    }

    function lose(uint256 amount) external {
        held -= amount;
    }

    function close(bool frozen, bool seized) external {
        getIsFrozen = frozen;
        getIsSeized = seized;
    }

    function getCurrentBacking() external view returns (uint256, uint256) {
        return held >= getUsed ? (held - getUsed, uint256(0)) : (uint256(0), getUsed - held);
    }
}

contract Gho {
    struct Facilitator {
        uint128 bucketCapacity;
        uint128 bucketLevel;
        string label;
    }

    uint256 public totalSupply;
    address[] private list;
    mapping(address => Facilitator) private byAddress;

    function add(address facilitator, uint128 level, string calldata label) external {
        list.push(facilitator);
        byAddress[facilitator] = Facilitator(level, level, label);
        totalSupply += level;
    }

    function getFacilitatorsList() external view returns (address[] memory) {
        return list;
    }

    function getFacilitator(address facilitator) external view returns (Facilitator memory) {
        return byAddress[facilitator];
    }
}

/// Token and vault in one, assets lent and paused one by one.
contract CapVault {
    uint256 public totalSupply;
    uint8 public constant decimals = 18;
    address[] private list;
    mapping(address => uint256) public totalSupplies;
    mapping(address => uint256) public totalBorrows;
    mapping(address => bool) public paused;

    function mint(Token asset, uint256 amount, uint256 shares) external {
        if (totalSupplies[address(asset)] == 0) list.push(address(asset));
        totalSupplies[address(asset)] += amount;
        totalSupply += shares;
    }

    function borrow(address asset, uint256 amount) external {
        totalBorrows[asset] += amount;
    }

    function pause(address asset, bool is_) external {
        paused[asset] = is_;
    }

    function assets() external view returns (address[] memory) {
        return list;
    }

    function getAllAssets() external view returns (address[] memory) {
        return list;
    }

    function availableBalance(address asset) external view returns (uint256) {
        return totalSupplies[asset] - totalBorrows[asset];
    }
}
